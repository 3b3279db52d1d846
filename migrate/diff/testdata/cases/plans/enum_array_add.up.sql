-- modify "enum_array_adds" table
ALTER TABLE "enum_array_adds" ADD COLUMN "moods" enum_array_add_type[];
