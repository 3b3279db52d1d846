-- file 1: <name>
-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" SET DEFAULT 1;
-- file 2: <name>_fill_edge_deferred_required_parts_whole_id
-- atlas:txmode none
-- plinth:repeatable

-- fill column "whole_id" of table "edge_deferred_required_parts" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "edge_deferred_required_parts"."id"%TYPE;
  plinth_last "edge_deferred_required_parts"."id"%TYPE;
  plinth_end "edge_deferred_required_parts"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"edge_deferred_required_parts"'::regclass;
  SELECT "id" INTO plinth_first FROM "edge_deferred_required_parts" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "edge_deferred_required_parts" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "edge_deferred_required_parts" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "edge_deferred_required_parts" SET "whole_id" = 1 WHERE "whole_id" IS NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "edge_deferred_required_parts" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_require
-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" ADD CONSTRAINT "edge_deferred_required_parts_whole_id_not_null" CHECK ("whole_id" IS NOT NULL) NOT VALID;
-- file 4: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_deferred_required_parts" VALIDATE CONSTRAINT "edge_deferred_required_parts_whole_id_not_null";
-- the check proves it, so that the table is not read again
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" SET NOT NULL;
-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" DROP CONSTRAINT "edge_deferred_required_parts_whole_id_not_null";
