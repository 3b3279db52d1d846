-- modify "enum_varchars" table
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" TYPE character varying USING "mood"::text::character varying;
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" SET DEFAULT 'sad'::character varying;
-- drop enum type "enum_varchars_mood"
DROP TYPE "enum_varchars_mood";
