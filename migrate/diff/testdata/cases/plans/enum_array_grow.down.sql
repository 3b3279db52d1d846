-- stop here while a row holds a value that enum type "enum_array_grow_type" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%s rows hold %L', n, value), ', ') INTO held
    FROM (SELECT "mood"::text AS value, count(*) AS n FROM "enum_array_grows" GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION 'column enum_array_grows.mood: %, which enum type enum_array_grow_type will not have', held USING HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%s rows hold %L', n, value), ', ') INTO held
    FROM (SELECT v::text AS value, count(DISTINCT t.ctid) AS n FROM "enum_array_grows" t, unnest("moods") v GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION 'column enum_array_grows.moods: %, which enum type enum_array_grow_type will not have', held USING HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- change the values of enum type "enum_array_grow_type"; fails while a row holds a value that goes: UPDATE such rows before
ALTER TYPE "enum_array_grow_type" RENAME TO "enum_array_grow_type_old";
CREATE TYPE "enum_array_grow_type" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_array_grows" ALTER COLUMN "mood" TYPE enum_array_grow_type USING "mood"::text::enum_array_grow_type;
ALTER TABLE "enum_array_grows" ALTER COLUMN "moods" TYPE enum_array_grow_type[] USING "moods"::text[]::enum_array_grow_type[];
DROP TYPE "enum_array_grow_type_old";
