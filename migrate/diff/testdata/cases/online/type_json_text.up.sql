-- file 1: <name>_shadow_type_json_texts
-- beside "v" of table "type_json_texts" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "type_json_texts" ADD COLUMN "v_new" text;
CREATE FUNCTION "type_json_texts_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "v" INTO NEW."v_new" FROM (SELECT NEW.*) AS "type_json_texts";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "type_json_texts" FOR EACH ROW EXECUTE FUNCTION "type_json_texts_plinth_shadow"();
ALTER TABLE "type_json_texts" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "v" is filled
ALTER TABLE "type_json_texts" ADD CONSTRAINT "type_json_texts_v_filled" CHECK ("v_new" IS NOT NULL) NOT VALID;
-- file 2: <name>_fill_type_json_texts
-- atlas:txmode none
-- plinth:repeatable

-- fill column "v", in the other type, of table "type_json_texts" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "type_json_texts"."id"%TYPE;
  plinth_last "type_json_texts"."id"%TYPE;
  plinth_end "type_json_texts"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"type_json_texts"'::regclass;
  SELECT "id" INTO plinth_first FROM "type_json_texts" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "type_json_texts" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "type_json_texts" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "type_json_texts" SET "v_new" = "v" WHERE "v_new" IS NULL AND ("v") IS NOT NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "type_json_texts" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_swap_type_json_texts
-- atlas:nolint rename-column drop-not-null another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "type_json_texts" VALIDATE CONSTRAINT "type_json_texts_v_filled";
-- columns of table "type_json_texts" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "type_json_texts" ALTER COLUMN "v_new" SET NOT NULL;
ALTER TABLE "type_json_texts" ALTER COLUMN "v" DROP NOT NULL;
ALTER TABLE "type_json_texts" DROP CONSTRAINT "type_json_texts_v_filled";
ALTER TABLE "type_json_texts" RENAME COLUMN "v" TO "v_old";
ALTER TABLE "type_json_texts" RENAME COLUMN "v_new" TO "v";
-- the other column of table "type_json_texts" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
CREATE OR REPLACE FUNCTION "type_json_texts_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "v"::jsonb INTO NEW."v_old" FROM (SELECT NEW.*) AS "type_json_texts";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "v" is filled
ALTER TABLE "type_json_texts" ADD CONSTRAINT "type_json_texts_v_filled" CHECK ("v_old" IS NOT NULL) NOT VALID;
-- file 4: <name>_analyze_type_json_texts
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "type_json_texts" ("v");
-- file 5: <name>_drop_type_json_texts
-- atlas:nolint drop-column drop-trigger what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "v" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "type_json_texts";
DROP FUNCTION "type_json_texts_plinth_shadow"();
ALTER TABLE "type_json_texts" DROP COLUMN "v_old";
