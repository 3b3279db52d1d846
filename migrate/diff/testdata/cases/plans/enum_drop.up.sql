-- modify "enum_drops" table
ALTER TABLE "enum_drops" DROP COLUMN "mood";
-- drop enum type "enum_drops_mood"
DROP TYPE "enum_drops_mood";
