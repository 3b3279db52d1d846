-- stop here while a row holds a value that enum type "enum_replaces_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_replaces" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad', 'calm');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_replaces.mood holds values that enum type enum_replaces_mood will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- change the values of enum type "enum_replaces_mood"
ALTER TYPE "enum_replaces_mood" RENAME TO "enum_replaces_mood_old";
CREATE TYPE "enum_replaces_mood" AS ENUM ('sad', 'glad', 'calm');
ALTER TABLE "enum_replaces" ALTER COLUMN "mood" TYPE enum_replaces_mood USING "mood"::text::enum_replaces_mood;
DROP TYPE "enum_replaces_mood_old";
