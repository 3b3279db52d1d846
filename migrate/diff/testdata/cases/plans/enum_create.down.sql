-- modify "enum_creates" table
ALTER TABLE "enum_creates" DROP COLUMN "mood";
-- drop enum type "enum_creates_mood"
DROP TYPE "enum_creates_mood";
