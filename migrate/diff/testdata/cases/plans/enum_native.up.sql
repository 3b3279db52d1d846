-- stop here while a row holds a value that enum type "enum_natives_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_natives" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_natives.mood holds values that enum type enum_natives_mood will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- create enum type "enum_natives_mood"
CREATE TYPE "enum_natives_mood" AS ENUM ('sad', 'glad');
-- modify "enum_natives" table
ALTER TABLE "enum_natives" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_natives" ALTER COLUMN "mood" TYPE enum_natives_mood USING "mood"::text::enum_natives_mood;
ALTER TABLE "enum_natives" ALTER COLUMN "mood" SET DEFAULT 'sad'::enum_natives_mood;
