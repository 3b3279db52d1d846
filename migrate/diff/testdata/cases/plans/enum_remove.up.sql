-- stop here while a row holds a value that enum type "enum_removes_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_removes" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_removes.mood holds values that enum type enum_removes_mood will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- change the values of enum type "enum_removes_mood"
ALTER TYPE "enum_removes_mood" RENAME TO "enum_removes_mood_old";
CREATE TYPE "enum_removes_mood" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_removes" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_removes" ALTER COLUMN "mood" TYPE enum_removes_mood USING "mood"::text::enum_removes_mood;
ALTER TABLE "enum_removes" ALTER COLUMN "mood" SET DEFAULT 'glad'::enum_removes_mood;
DROP TYPE "enum_removes_mood_old";
