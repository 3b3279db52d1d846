-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" SET DEFAULT 18;
UPDATE "column_required_defaults" SET "age" = 18 WHERE "age" IS NULL;
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" SET NOT NULL;
