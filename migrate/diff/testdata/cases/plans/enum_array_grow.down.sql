-- stop here while a row holds a value that enum type "enum_array_grow_type" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_array_grows" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_array_grows.mood holds values that enum type enum_array_grow_type will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT element::text AS value, count(DISTINCT t.ctid) AS n FROM "enum_array_grows" AS t, unnest(t."moods") AS element GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_array_grows.moods holds values that enum type enum_array_grow_type will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- change the values of enum type "enum_array_grow_type"
ALTER TYPE "enum_array_grow_type" RENAME TO "enum_array_grow_type_old";
CREATE TYPE "enum_array_grow_type" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_array_grows" ALTER COLUMN "mood" TYPE enum_array_grow_type USING "mood"::text::enum_array_grow_type;
ALTER TABLE "enum_array_grows" ALTER COLUMN "moods" TYPE enum_array_grow_type[] USING "moods"::text[]::enum_array_grow_type[];
DROP TYPE "enum_array_grow_type_old";
