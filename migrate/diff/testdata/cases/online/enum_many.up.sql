-- file 1: <name>
-- rename a value of enum type "enum_manies_tone"
ALTER TYPE "enum_manies_tone" RENAME VALUE 'low' TO 'deep';
-- extend enum type "enum_manies_mood"
ALTER TYPE "enum_manies_mood" ADD VALUE 'calm';
-- file 2: <name>_shadow_enum_manies
-- the values that it will have, in a type of its own
CREATE TYPE "enum_manies_shape_new" AS ENUM ('flat', 'round');
CREATE TYPE "enum_manies_size_new" AS ENUM ('large');
-- beside "shape", "size" of table "enum_manies" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "enum_manies" ADD COLUMN "shape_new" "enum_manies_shape_new";
ALTER TABLE "enum_manies" ADD COLUMN "size_new" "enum_manies_size_new";
CREATE FUNCTION "enum_manies_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "shape"::text::"enum_manies_shape_new", (CASE "size"::text WHEN 'small' THEN 'large' ELSE "size"::text END)::"enum_manies_size_new" INTO NEW."shape_new", NEW."size_new" FROM (SELECT NEW.*) AS "enum_manies";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "enum_manies" FOR EACH ROW EXECUTE FUNCTION "enum_manies_plinth_shadow"();
ALTER TABLE "enum_manies" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "shape", "size" is filled
ALTER TABLE "enum_manies" ADD CONSTRAINT "enum_manies_shape_filled" CHECK ("shape_new" IS NOT NULL) NOT VALID;
ALTER TABLE "enum_manies" ADD CONSTRAINT "enum_manies_size_filled" CHECK ("size_new" IS NOT NULL) NOT VALID;
-- file 3: <name>_fill_enum_manies
-- atlas:txmode none
-- plinth:repeatable

-- fill column "shape", "size", in the other type, of table "enum_manies" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "enum_manies"."id"%TYPE;
  plinth_last "enum_manies"."id"%TYPE;
  plinth_end "enum_manies"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"enum_manies"'::regclass;
  SELECT "id" INTO plinth_first FROM "enum_manies" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "enum_manies" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "enum_manies" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "enum_manies" SET "shape_new" = "shape"::text::"enum_manies_shape_new", "size_new" = (CASE "size"::text WHEN 'small' THEN 'large' ELSE "size"::text END)::"enum_manies_size_new" WHERE ("shape_new" IS NULL AND ("shape"::text::"enum_manies_shape_new") IS NOT NULL OR "size_new" IS NULL AND ((CASE "size"::text WHEN 'small' THEN 'large' ELSE "size"::text END)::"enum_manies_size_new") IS NOT NULL) AND "id" BETWEEN plinth_first AND plinth_last;
    EXCEPTION WHEN lock_not_available OR deadlock_detected THEN -- a writer holds a row: give way
      plinth_tries := plinth_tries + 1;
      IF plinth_tries > 3000 THEN
        RAISE;
      END IF;
      PERFORM pg_sleep(0.05);
      CONTINUE;
    END;
    plinth_tries := 0;
    plinth_rows := plinth_rows + plinth_batch;
    PERFORM set_config('application_name', format('plinth: %s of about %s rows', plinth_rows, greatest(plinth_rows, plinth_all)), false);
    COMMIT;
    SELECT "id" INTO plinth_first FROM "enum_manies" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 4: <name>_swap_enum_manies
-- atlas:nolint rename-column drop-not-null drop-type another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "enum_manies" VALIDATE CONSTRAINT "enum_manies_shape_filled";
ALTER TABLE "enum_manies" VALIDATE CONSTRAINT "enum_manies_size_filled";
-- columns of table "enum_manies" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "enum_manies" ALTER COLUMN "shape" DROP DEFAULT;
ALTER TABLE "enum_manies" ALTER COLUMN "shape_new" SET NOT NULL;
ALTER TABLE "enum_manies" ALTER COLUMN "shape" DROP NOT NULL;
ALTER TABLE "enum_manies" DROP CONSTRAINT "enum_manies_shape_filled";
ALTER TABLE "enum_manies" ALTER COLUMN "size" DROP DEFAULT;
ALTER TABLE "enum_manies" ALTER COLUMN "size_new" SET NOT NULL;
ALTER TABLE "enum_manies" ALTER COLUMN "size" DROP NOT NULL;
ALTER TABLE "enum_manies" DROP CONSTRAINT "enum_manies_size_filled";
ALTER TABLE "enum_manies" RENAME COLUMN "shape" TO "shape_old";
ALTER TABLE "enum_manies" RENAME COLUMN "shape_new" TO "shape";
ALTER TABLE "enum_manies" RENAME COLUMN "size" TO "size_old";
ALTER TABLE "enum_manies" RENAME COLUMN "size_new" TO "size";
-- the types change their names, in an instant
ALTER TYPE "enum_manies_shape" RENAME TO "enum_manies_shape_old";
ALTER TYPE "enum_manies_shape_new" RENAME TO "enum_manies_shape";
ALTER TYPE "enum_manies_size" RENAME TO "enum_manies_size_old";
ALTER TYPE "enum_manies_size_new" RENAME TO "enum_manies_size";
-- the other column of table "enum_manies" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
ALTER TABLE "enum_manies" ALTER COLUMN "shape" SET DEFAULT 'flat'::enum_manies_shape;
ALTER TABLE "enum_manies" ALTER COLUMN "size" SET DEFAULT 'large'::enum_manies_size;
CREATE OR REPLACE FUNCTION "enum_manies_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "shape"::text::"enum_manies_shape_old", "size"::text::"enum_manies_size_old" INTO NEW."shape_old", NEW."size_old" FROM (SELECT NEW.*) AS "enum_manies";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "shape", "size" is filled
ALTER TABLE "enum_manies" ADD CONSTRAINT "enum_manies_shape_filled" CHECK ("shape_old" IS NOT NULL) NOT VALID;
ALTER TABLE "enum_manies" ADD CONSTRAINT "enum_manies_size_filled" CHECK ("size_old" IS NOT NULL) NOT VALID;
-- file 5: <name>_analyze_enum_manies
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "enum_manies" ("shape", "size");
-- file 6: <name>_drop_enum_manies
-- atlas:nolint drop-column drop-trigger drop-type what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "shape", "size" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "enum_manies";
DROP FUNCTION "enum_manies_plinth_shadow"();
ALTER TABLE "enum_manies" DROP COLUMN "shape_old";
ALTER TABLE "enum_manies" DROP COLUMN "size_old";
-- nothing has this type any more
DROP TYPE "enum_manies_shape_old";
DROP TYPE "enum_manies_size_old";
