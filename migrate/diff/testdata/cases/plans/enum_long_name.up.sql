-- stop here while a row holds a value that enum type "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%s rows hold %L', n, value), ', ') INTO held
    FROM (SELECT "mood"::text AS value, count(*) AS n FROM "enum_long_names" GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION 'column enum_long_names.mood: %, which enum type xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx will not have', held USING HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- change the values of enum type "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"; fails while a row holds a value that goes: UPDATE such rows before
ALTER TYPE "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" RENAME TO "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_old";
CREATE TYPE "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_long_names" ALTER COLUMN "mood" TYPE xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx USING "mood"::text::xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx;
DROP TYPE "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx_old";
