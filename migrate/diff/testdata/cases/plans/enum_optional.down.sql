-- modify "enum_optionals" table
UPDATE "enum_optionals" SET "mood" = 'sad' WHERE "mood" IS NULL;
ALTER TABLE "enum_optionals" ALTER COLUMN "mood" SET NOT NULL;
