-- stop here while a row holds a value that enum type "enum_native_foreigns_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_native_foreigns" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_native_foreigns.mood holds values that enum type enum_native_foreigns_mood will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- create enum type "enum_native_foreigns_mood"
CREATE TYPE "enum_native_foreigns_mood" AS ENUM ('sad', 'glad');
-- modify "enum_native_foreigns" table
ALTER TABLE "enum_native_foreigns" ALTER COLUMN "mood" TYPE enum_native_foreigns_mood USING "mood"::text::enum_native_foreigns_mood;
