-- change the values of enum type "enum_reorders_mood"
ALTER TYPE "enum_reorders_mood" RENAME TO "enum_reorders_mood_old";
CREATE TYPE "enum_reorders_mood" AS ENUM ('glad', 'calm', 'sad');
ALTER TABLE "enum_reorders" ALTER COLUMN "mood" TYPE enum_reorders_mood USING "mood"::text::enum_reorders_mood;
DROP TYPE "enum_reorders_mood_old";
