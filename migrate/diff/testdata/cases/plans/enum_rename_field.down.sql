-- rename enum type "enum_rename_fields_mood"
ALTER TYPE "enum_rename_fields_temper" RENAME TO "enum_rename_fields_mood";
-- modify "enum_rename_fields" table
ALTER TABLE "enum_rename_fields" RENAME COLUMN "temper" TO "mood";
