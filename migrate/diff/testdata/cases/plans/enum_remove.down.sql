-- change the values of enum type "enum_removes_mood"
ALTER TYPE "enum_removes_mood" RENAME TO "enum_removes_mood_old";
CREATE TYPE "enum_removes_mood" AS ENUM ('sad', 'calm', 'glad');
ALTER TABLE "enum_removes" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_removes" ALTER COLUMN "mood" TYPE enum_removes_mood USING "mood"::text::enum_removes_mood;
ALTER TABLE "enum_removes" ALTER COLUMN "mood" SET DEFAULT 'glad'::enum_removes_mood;
DROP TYPE "enum_removes_mood_old";
