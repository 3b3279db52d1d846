-- stop here while a row holds a value that enum type "enum_native_mappeds_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_native_mappeds" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad', 'elated');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_native_mappeds.mood holds values that enum type enum_native_mappeds_mood will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- create enum type "enum_native_mappeds_mood"
CREATE TYPE "enum_native_mappeds_mood" AS ENUM ('sad', 'glad');
-- modify "enum_native_mappeds" table
ALTER TABLE "enum_native_mappeds" ALTER COLUMN "mood" TYPE enum_native_mappeds_mood USING (CASE "mood"::text WHEN 'elated' THEN 'glad' ELSE "mood"::text END)::enum_native_mappeds_mood;
