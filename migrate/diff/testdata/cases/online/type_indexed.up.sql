-- file 1: <name>_shadow_type_indexeds
-- beside "v" of table "type_indexeds" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "type_indexeds" ADD COLUMN "v_new" numeric(8,2);
CREATE FUNCTION "type_indexeds_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "v" INTO NEW."v_new" FROM (SELECT NEW.*) AS "type_indexeds";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "type_indexeds" FOR EACH ROW EXECUTE FUNCTION "type_indexeds_plinth_shadow"();
ALTER TABLE "type_indexeds" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "v" is filled
ALTER TABLE "type_indexeds" ADD CONSTRAINT "type_indexeds_v_filled" CHECK ("v_new" IS NOT NULL) NOT VALID;
ALTER TABLE "type_indexeds" ADD CONSTRAINT "positive_new" CHECK (("v_new" > (0)::numeric)) NOT VALID;
-- file 2: <name>_fill_type_indexeds
-- atlas:txmode none
-- plinth:repeatable

-- fill column "v", in the other type, of table "type_indexeds" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "type_indexeds"."id"%TYPE;
  plinth_last "type_indexeds"."id"%TYPE;
  plinth_end "type_indexeds"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"type_indexeds"'::regclass;
  SELECT "id" INTO plinth_first FROM "type_indexeds" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "type_indexeds" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "type_indexeds" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "type_indexeds" SET "v_new" = "v" WHERE "v_new" IS NULL AND ("v") IS NOT NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "type_indexeds" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_index_typeindexed_v
-- atlas:txmode none

-- create index "typeindexed_v_new" to table: "type_indexeds"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "typeindexed_v_new" ON "type_indexeds" ("v_new") WHERE ("v_new" > (3)::numeric);
-- file 4: <name>_swap_type_indexeds
-- atlas:nolint rename-column drop-not-null drop-constraint another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "type_indexeds" VALIDATE CONSTRAINT "type_indexeds_v_filled";
ALTER TABLE "type_indexeds" VALIDATE CONSTRAINT "positive_new";
-- columns of table "type_indexeds" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "type_indexeds" ALTER COLUMN "v_new" SET NOT NULL;
ALTER TABLE "type_indexeds" ALTER COLUMN "v" DROP NOT NULL;
ALTER TABLE "type_indexeds" DROP CONSTRAINT "type_indexeds_v_filled";
ALTER TABLE "type_indexeds" DROP CONSTRAINT "positive";
ALTER TABLE "type_indexeds" RENAME COLUMN "v" TO "v_old";
ALTER TABLE "type_indexeds" RENAME COLUMN "v_new" TO "v";
ALTER TABLE "type_indexeds" RENAME CONSTRAINT "positive_new" TO "positive";
ALTER INDEX "typeindexed_v" RENAME TO "typeindexed_v_old";
ALTER INDEX "typeindexed_v_new" RENAME TO "typeindexed_v";
-- the other column of table "type_indexeds" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
CREATE OR REPLACE FUNCTION "type_indexeds_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "v" INTO NEW."v_old" FROM (SELECT NEW.*) AS "type_indexeds";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "v" is filled
ALTER TABLE "type_indexeds" ADD CONSTRAINT "type_indexeds_v_filled" CHECK ("v_old" IS NOT NULL) NOT VALID;
ALTER TABLE "type_indexeds" ADD CONSTRAINT "positive_old" CHECK (("v_old" > 0)) NOT VALID;
-- file 5: <name>_drop_typeindexed_v
-- atlas:txmode none

-- drop index "typeindexed_v_old" from table: "type_indexeds"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "typeindexed_v_old";
-- file 6: <name>_analyze_type_indexeds
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "type_indexeds" ("v");
-- file 7: <name>_drop_type_indexeds
-- atlas:nolint drop-column drop-trigger what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "v" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "type_indexeds";
DROP FUNCTION "type_indexeds_plinth_shadow"();
ALTER TABLE "type_indexeds" DROP COLUMN "v_old";
