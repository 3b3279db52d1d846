-- modify "enum_natives" table
ALTER TABLE "enum_natives" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_natives" ALTER COLUMN "mood" TYPE character varying USING "mood"::text::character varying;
ALTER TABLE "enum_natives" ALTER COLUMN "mood" SET DEFAULT 'sad'::character varying;
-- drop enum type "enum_natives_mood"
DROP TYPE "enum_natives_mood";
