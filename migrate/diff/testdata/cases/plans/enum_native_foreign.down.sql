-- modify "enum_native_foreigns" table
ALTER TABLE "enum_native_foreigns" ALTER COLUMN "mood" TYPE character varying USING "mood"::text::character varying;
-- drop enum type "enum_native_foreigns_mood"
DROP TYPE "enum_native_foreigns_mood";
