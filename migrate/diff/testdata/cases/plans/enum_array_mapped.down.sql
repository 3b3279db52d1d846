-- plinth:irreversible not brought back: which rows of column enum_array_mappeds.mood held 'calm' before they got 'glad', which rows of column enum_array_mappeds.moods held 'calm' before they got 'glad'

-- change the values of enum type "enum_array_mapped_type"
ALTER TYPE "enum_array_mapped_type" RENAME TO "enum_array_mapped_type_old";
CREATE TYPE "enum_array_mapped_type" AS ENUM ('sad', 'glad', 'calm');
ALTER TABLE "enum_array_mappeds" ALTER COLUMN "mood" TYPE enum_array_mapped_type USING "mood"::text::enum_array_mapped_type;
ALTER TABLE "enum_array_mappeds" ALTER COLUMN "moods" TYPE enum_array_mapped_type[] USING "moods"::text[]::enum_array_mapped_type[];
DROP TYPE "enum_array_mapped_type_old";
