-- modify "enum_array_adds" table
ALTER TABLE "enum_array_adds" DROP COLUMN "moods";
