-- stop here while a row holds a value that enum type "enum_varchars_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%s rows hold %L', n, value), ', ') INTO held
    FROM (SELECT "mood"::text AS value, count(*) AS n FROM "enum_varchars" GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION 'column enum_varchars.mood: %, which enum type enum_varchars_mood will not have', held USING HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- create enum type "enum_varchars_mood"
CREATE TYPE "enum_varchars_mood" AS ENUM ('sad', 'glad');
-- modify "enum_varchars" table
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" TYPE enum_varchars_mood USING "mood"::text::enum_varchars_mood;
ALTER TABLE "enum_varchars" ALTER COLUMN "mood" SET DEFAULT 'sad'::enum_varchars_mood;
