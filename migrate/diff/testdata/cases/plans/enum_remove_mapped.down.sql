-- plinth:irreversible not brought back: which rows of column enum_remove_mappeds.mood held 'calm' before they got 'glad', which rows of column enum_remove_mappeds.mood held 'odd' before they got 'sad'

-- change the values of enum type "enum_remove_mappeds_mood"
ALTER TYPE "enum_remove_mappeds_mood" RENAME TO "enum_remove_mappeds_mood_old";
CREATE TYPE "enum_remove_mappeds_mood" AS ENUM ('sad', 'glad', 'calm', 'odd');
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" TYPE enum_remove_mappeds_mood USING "mood"::text::enum_remove_mappeds_mood;
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" SET DEFAULT 'calm'::enum_remove_mappeds_mood;
DROP TYPE "enum_remove_mappeds_mood_old";
