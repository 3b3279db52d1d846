-- stop here while a row holds a value that enum type "enum_array_held_type" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_array_helds" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_array_helds.mood holds values that enum type enum_array_held_type will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT element::text AS value, count(DISTINCT t.ctid) AS n FROM "enum_array_helds" AS t, unnest(t."moods") AS element GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_array_helds.moods holds values that enum type enum_array_held_type will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- change the values of enum type "enum_array_held_type"
ALTER TYPE "enum_array_held_type" RENAME TO "enum_array_held_type_old";
CREATE TYPE "enum_array_held_type" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_array_helds" ALTER COLUMN "mood" TYPE enum_array_held_type USING "mood"::text::enum_array_held_type;
ALTER TABLE "enum_array_helds" ALTER COLUMN "moods" TYPE enum_array_held_type[] USING "moods"::text[]::enum_array_held_type[];
DROP TYPE "enum_array_held_type_old";
