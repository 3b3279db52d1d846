-- stop here while a row holds a value that enum type "enum_shared_add_type" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%s rows hold %L', n, value), ', ') INTO held
    FROM (SELECT "mood"::text AS value, count(*) AS n FROM "enum_shared_add_others" GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION 'column enum_shared_add_others.mood: %, which enum type enum_shared_add_type will not have', held USING HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%s rows hold %L', n, value), ', ') INTO held
    FROM (SELECT "mood"::text AS value, count(*) AS n FROM "enum_shared_adds" GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION 'column enum_shared_adds.mood: %, which enum type enum_shared_add_type will not have', held USING HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- change the values of enum type "enum_shared_add_type"; fails while a row holds a value that goes: UPDATE such rows before
ALTER TYPE "enum_shared_add_type" RENAME TO "enum_shared_add_type_old";
CREATE TYPE "enum_shared_add_type" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_shared_add_others" ALTER COLUMN "mood" TYPE enum_shared_add_type USING "mood"::text::enum_shared_add_type;
ALTER TABLE "enum_shared_adds" ALTER COLUMN "mood" TYPE enum_shared_add_type USING "mood"::text::enum_shared_add_type;
DROP TYPE "enum_shared_add_type_old";
