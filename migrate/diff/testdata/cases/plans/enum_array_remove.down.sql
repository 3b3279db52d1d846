-- change the values of enum type "enum_array_remove_type"
ALTER TYPE "enum_array_remove_type" RENAME TO "enum_array_remove_type_old";
CREATE TYPE "enum_array_remove_type" AS ENUM ('sad', 'glad', 'calm');
ALTER TABLE "enum_array_removes" ALTER COLUMN "mood" TYPE enum_array_remove_type USING "mood"::text::enum_array_remove_type;
ALTER TABLE "enum_array_removes" ALTER COLUMN "moods" TYPE enum_array_remove_type[] USING "moods"::text[]::enum_array_remove_type[];
DROP TYPE "enum_array_remove_type_old";
