-- change the values of enum type "enum_remove_mappeds_mood"
ALTER TYPE "enum_remove_mappeds_mood" RENAME TO "enum_remove_mappeds_mood_old";
CREATE TYPE "enum_remove_mappeds_mood" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" TYPE enum_remove_mappeds_mood USING (CASE "mood"::text WHEN 'calm' THEN 'glad' WHEN 'odd' THEN 'sad' ELSE "mood"::text END)::enum_remove_mappeds_mood;
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" SET DEFAULT 'sad'::enum_remove_mappeds_mood;
DROP TYPE "enum_remove_mappeds_mood_old";
