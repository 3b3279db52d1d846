-- change the values of enum type "enum_shared_remove_type"
ALTER TYPE "enum_shared_remove_type" RENAME TO "enum_shared_remove_type_old";
CREATE TYPE "enum_shared_remove_type" AS ENUM ('sad', 'glad', 'calm');
ALTER TABLE "enum_shared_remove_others" ALTER COLUMN "mood" TYPE enum_shared_remove_type USING "mood"::text::enum_shared_remove_type;
ALTER TABLE "enum_shared_removes" ALTER COLUMN "mood" TYPE enum_shared_remove_type USING "mood"::text::enum_shared_remove_type;
DROP TYPE "enum_shared_remove_type_old";
