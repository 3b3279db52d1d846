-- change the values of enum type "enum_array_mapped_type"
ALTER TYPE "enum_array_mapped_type" RENAME TO "enum_array_mapped_type_old";
CREATE TYPE "enum_array_mapped_type" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_array_mappeds" ALTER COLUMN "mood" TYPE enum_array_mapped_type USING (CASE "mood"::text WHEN 'calm' THEN 'glad' ELSE "mood"::text END)::enum_array_mapped_type;
ALTER TABLE "enum_array_mappeds" ALTER COLUMN "moods" TYPE enum_array_mapped_type[] USING array_replace("moods"::text[], 'calm', 'glad')::enum_array_mapped_type[];
DROP TYPE "enum_array_mapped_type_old";
