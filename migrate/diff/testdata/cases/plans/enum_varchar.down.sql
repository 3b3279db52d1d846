-- stop here while a row holds a value that enum type "enum_varchars_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_varchars" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_varchars.mood holds values that enum type enum_varchars_mood will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- create enum type "enum_varchars_mood"
CREATE TYPE "enum_varchars_mood" AS ENUM ('sad', 'glad');
-- modify "enum_varchars" table
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" TYPE enum_varchars_mood USING "mood"::text::enum_varchars_mood;
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" SET DEFAULT 'sad'::enum_varchars_mood;
