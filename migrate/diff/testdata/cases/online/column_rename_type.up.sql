-- file 1: <name>_shadow_column_rename_types
-- modify "column_rename_types" table
ALTER TABLE "column_rename_types" RENAME COLUMN "size" TO "bytes";
-- beside "bytes" of table "column_rename_types" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "column_rename_types" ADD COLUMN "bytes_new" bigint;
CREATE FUNCTION "column_rename_types_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "bytes" INTO NEW."bytes_new" FROM (SELECT NEW.*) AS "column_rename_types";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "column_rename_types" FOR EACH ROW EXECUTE FUNCTION "column_rename_types_plinth_shadow"();
ALTER TABLE "column_rename_types" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "bytes" is filled
ALTER TABLE "column_rename_types" ADD CONSTRAINT "column_rename_types_bytes_filled" CHECK ("bytes_new" IS NOT NULL) NOT VALID;
-- file 2: <name>_fill_column_rename_types
-- atlas:txmode none
-- plinth:repeatable

-- fill column "bytes", in the other type, of table "column_rename_types" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "column_rename_types"."id"%TYPE;
  plinth_last "column_rename_types"."id"%TYPE;
  plinth_end "column_rename_types"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"column_rename_types"'::regclass;
  SELECT "id" INTO plinth_first FROM "column_rename_types" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "column_rename_types" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "column_rename_types" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "column_rename_types" SET "bytes_new" = "bytes" WHERE "bytes_new" IS NULL AND ("bytes") IS NOT NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "column_rename_types" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_swap_column_rename_types
-- atlas:nolint rename-column drop-not-null another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "column_rename_types" VALIDATE CONSTRAINT "column_rename_types_bytes_filled";
-- columns of table "column_rename_types" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "column_rename_types" ALTER COLUMN "bytes_new" SET NOT NULL;
ALTER TABLE "column_rename_types" ALTER COLUMN "bytes" DROP NOT NULL;
ALTER TABLE "column_rename_types" DROP CONSTRAINT "column_rename_types_bytes_filled";
ALTER TABLE "column_rename_types" RENAME COLUMN "bytes" TO "bytes_old";
ALTER TABLE "column_rename_types" RENAME COLUMN "bytes_new" TO "bytes";
-- the other column of table "column_rename_types" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
CREATE OR REPLACE FUNCTION "column_rename_types_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "bytes" INTO NEW."bytes_old" FROM (SELECT NEW.*) AS "column_rename_types";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "bytes" is filled
ALTER TABLE "column_rename_types" ADD CONSTRAINT "column_rename_types_bytes_filled" CHECK ("bytes_old" IS NOT NULL) NOT VALID;
-- file 4: <name>_analyze_column_rename_types
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "column_rename_types" ("bytes");
-- file 5: <name>_drop_column_rename_types
-- atlas:nolint drop-column drop-trigger what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "bytes" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "column_rename_types";
DROP FUNCTION "column_rename_types_plinth_shadow"();
ALTER TABLE "column_rename_types" DROP COLUMN "bytes_old";
