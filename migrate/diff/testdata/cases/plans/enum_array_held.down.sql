-- change the values of enum type "enum_array_held_type"
ALTER TYPE "enum_array_held_type" RENAME TO "enum_array_held_type_old";
CREATE TYPE "enum_array_held_type" AS ENUM ('sad', 'glad', 'calm');
ALTER TABLE "enum_array_helds" ALTER COLUMN "mood" TYPE enum_array_held_type USING "mood"::text::enum_array_held_type;
ALTER TABLE "enum_array_helds" ALTER COLUMN "moods" TYPE enum_array_held_type[] USING "moods"::text[]::enum_array_held_type[];
DROP TYPE "enum_array_held_type_old";
