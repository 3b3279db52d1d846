-- stop here while a row holds a value that enum type "enum_shared_add_type" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_shared_add_others" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_shared_add_others.mood holds values that enum type enum_shared_add_type will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_shared_adds" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_shared_adds.mood holds values that enum type enum_shared_add_type will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- change the values of enum type "enum_shared_add_type"
ALTER TYPE "enum_shared_add_type" RENAME TO "enum_shared_add_type_old";
CREATE TYPE "enum_shared_add_type" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_shared_add_others" ALTER COLUMN "mood" TYPE enum_shared_add_type USING "mood"::text::enum_shared_add_type;
ALTER TABLE "enum_shared_adds" ALTER COLUMN "mood" TYPE enum_shared_add_type USING "mood"::text::enum_shared_add_type;
DROP TYPE "enum_shared_add_type_old";
