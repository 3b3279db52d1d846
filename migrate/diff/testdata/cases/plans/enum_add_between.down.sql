-- stop here while a row holds a value that enum type "enum_add_betweens_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_add_betweens" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_add_betweens.mood holds values that enum type enum_add_betweens_mood will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- change the values of enum type "enum_add_betweens_mood"
ALTER TYPE "enum_add_betweens_mood" RENAME TO "enum_add_betweens_mood_old";
CREATE TYPE "enum_add_betweens_mood" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_add_betweens" ALTER COLUMN "mood" TYPE enum_add_betweens_mood USING "mood"::text::enum_add_betweens_mood;
DROP TYPE "enum_add_betweens_mood_old";
