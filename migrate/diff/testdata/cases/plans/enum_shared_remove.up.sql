-- stop here while a row holds a value that enum type "enum_shared_remove_type" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_shared_remove_others" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_shared_remove_others.mood holds values that enum type enum_shared_remove_type will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_shared_removes" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_shared_removes.mood holds values that enum type enum_shared_remove_type will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- change the values of enum type "enum_shared_remove_type"
ALTER TYPE "enum_shared_remove_type" RENAME TO "enum_shared_remove_type_old";
CREATE TYPE "enum_shared_remove_type" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_shared_remove_others" ALTER COLUMN "mood" TYPE enum_shared_remove_type USING "mood"::text::enum_shared_remove_type;
ALTER TABLE "enum_shared_removes" ALTER COLUMN "mood" TYPE enum_shared_remove_type USING "mood"::text::enum_shared_remove_type;
DROP TYPE "enum_shared_remove_type_old";
