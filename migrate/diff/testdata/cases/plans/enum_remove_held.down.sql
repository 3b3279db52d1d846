-- change the values of enum type "enum_remove_helds_mood"
ALTER TYPE "enum_remove_helds_mood" RENAME TO "enum_remove_helds_mood_old";
CREATE TYPE "enum_remove_helds_mood" AS ENUM ('sad', 'glad', 'calm');
ALTER TABLE "enum_remove_helds" ALTER COLUMN "mood" TYPE enum_remove_helds_mood USING "mood"::text::enum_remove_helds_mood;
DROP TYPE "enum_remove_helds_mood_old";
