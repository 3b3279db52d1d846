-- plinth:irreversible not brought back: which rows of column enum_manies.size held 'small' before they got 'large'

-- stop here while a row holds a value that enum type "enum_manies_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_manies" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING MESSAGE = 'column enum_manies.mood holds values that enum type enum_manies_mood will not have: ' || held, HINT = 'UPDATE these rows first.';
  END IF;
END
$$;
-- change the values of enum type "enum_manies_mood"
ALTER TYPE "enum_manies_mood" RENAME TO "enum_manies_mood_old";
CREATE TYPE "enum_manies_mood" AS ENUM ('sad', 'glad');
-- change the values of enum type "enum_manies_shape"
ALTER TYPE "enum_manies_shape" RENAME TO "enum_manies_shape_old";
CREATE TYPE "enum_manies_shape" AS ENUM ('round', 'flat');
-- change the values of enum type "enum_manies_size"
ALTER TYPE "enum_manies_size" RENAME TO "enum_manies_size_old";
CREATE TYPE "enum_manies_size" AS ENUM ('small', 'large');
-- change the values of enum type "enum_manies_mood"
ALTER TABLE "enum_manies" ALTER COLUMN "mood" TYPE enum_manies_mood USING "mood"::text::enum_manies_mood;
-- change the values of enum type "enum_manies_size"
ALTER TABLE "enum_manies" ALTER COLUMN "size" DROP DEFAULT;
ALTER TABLE "enum_manies" ALTER COLUMN "size" TYPE enum_manies_size USING "size"::text::enum_manies_size;
ALTER TABLE "enum_manies" ALTER COLUMN "size" SET DEFAULT 'small'::enum_manies_size;
-- change the values of enum type "enum_manies_shape"
ALTER TABLE "enum_manies" ALTER COLUMN "shape" DROP DEFAULT;
ALTER TABLE "enum_manies" ALTER COLUMN "shape" TYPE enum_manies_shape USING "shape"::text::enum_manies_shape;
ALTER TABLE "enum_manies" ALTER COLUMN "shape" SET DEFAULT 'flat'::enum_manies_shape;
-- change the values of enum type "enum_manies_mood"
DROP TYPE "enum_manies_mood_old";
-- change the values of enum type "enum_manies_shape"
DROP TYPE "enum_manies_shape_old";
-- change the values of enum type "enum_manies_size"
DROP TYPE "enum_manies_size_old";
-- rename a value of enum type "enum_manies_tone"
ALTER TYPE "enum_manies_tone" RENAME VALUE 'deep' TO 'low';
