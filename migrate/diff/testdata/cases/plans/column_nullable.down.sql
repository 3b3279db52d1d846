-- modify "column_nullables" table
UPDATE "column_nullables" SET "age" = 0 WHERE "age" IS NULL;
ALTER TABLE "column_nullables" ALTER COLUMN "age" SET NOT NULL;
