-- file 1: <name>_shadow_type_text_uuids
-- stop here while a row of table "type_text_uuids" holds a value that cannot be converted; reads the rows, locks nobody out
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_0 uuid;
BEGIN
  FOR plinth_0 IN SELECT "v"::uuid FROM "type_text_uuids" LOOP
  END LOOP;
END
$plinth$;
-- beside "v" of table "type_text_uuids" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "type_text_uuids" ADD COLUMN "v_new" uuid;
CREATE FUNCTION "type_text_uuids_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "v"::uuid INTO NEW."v_new" FROM (SELECT NEW.*) AS "type_text_uuids";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "type_text_uuids" FOR EACH ROW EXECUTE FUNCTION "type_text_uuids_plinth_shadow"();
ALTER TABLE "type_text_uuids" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "v" is filled
ALTER TABLE "type_text_uuids" ADD CONSTRAINT "type_text_uuids_v_filled" CHECK ("v_new" IS NOT NULL) NOT VALID;
-- file 2: <name>_fill_type_text_uuids
-- atlas:txmode none
-- plinth:repeatable

-- fill column "v", in the other type, of table "type_text_uuids" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "type_text_uuids"."id"%TYPE;
  plinth_last "type_text_uuids"."id"%TYPE;
  plinth_end "type_text_uuids"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"type_text_uuids"'::regclass;
  SELECT "id" INTO plinth_first FROM "type_text_uuids" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "type_text_uuids" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "type_text_uuids" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "type_text_uuids" SET "v_new" = "v"::uuid WHERE "v_new" IS NULL AND ("v"::uuid) IS NOT NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "type_text_uuids" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_swap_type_text_uuids
-- atlas:nolint rename-column drop-not-null another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "type_text_uuids" VALIDATE CONSTRAINT "type_text_uuids_v_filled";
-- columns of table "type_text_uuids" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "type_text_uuids" ALTER COLUMN "v_new" SET NOT NULL;
ALTER TABLE "type_text_uuids" ALTER COLUMN "v" DROP NOT NULL;
ALTER TABLE "type_text_uuids" DROP CONSTRAINT "type_text_uuids_v_filled";
ALTER TABLE "type_text_uuids" RENAME COLUMN "v" TO "v_old";
ALTER TABLE "type_text_uuids" RENAME COLUMN "v_new" TO "v";
-- the other column of table "type_text_uuids" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
CREATE OR REPLACE FUNCTION "type_text_uuids_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "v" INTO NEW."v_old" FROM (SELECT NEW.*) AS "type_text_uuids";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "v" is filled
ALTER TABLE "type_text_uuids" ADD CONSTRAINT "type_text_uuids_v_filled" CHECK ("v_old" IS NOT NULL) NOT VALID;
-- file 4: <name>_analyze_type_text_uuids
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "type_text_uuids" ("v");
-- file 5: <name>_drop_type_text_uuids
-- atlas:nolint drop-column drop-trigger what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "v" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "type_text_uuids";
DROP FUNCTION "type_text_uuids_plinth_shadow"();
ALTER TABLE "type_text_uuids" DROP COLUMN "v_old";
