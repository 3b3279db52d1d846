-- file 1: <name>
-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" ADD COLUMN "token" character varying;
ALTER TABLE "column_add_default_exprs" ALTER COLUMN "token" SET DEFAULT md5((random())::text);
-- file 2: <name>_fill_column_add_default_exprs_token
-- atlas:txmode none
-- plinth:fills column_add_default_exprs token
-- plinth:repeatable

-- fill column "token" of table "column_add_default_exprs" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "column_add_default_exprs"."id"%TYPE;
  plinth_last "column_add_default_exprs"."id"%TYPE;
  plinth_end "column_add_default_exprs"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"column_add_default_exprs"'::regclass;
  SELECT "id" INTO plinth_first FROM "column_add_default_exprs" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "column_add_default_exprs" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "column_add_default_exprs" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "column_add_default_exprs" SET "token" = md5((random())::text) WHERE "token" IS NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "column_add_default_exprs" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_require
-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" ADD CONSTRAINT "column_add_default_exprs_token_not_null" CHECK ("token" IS NOT NULL) NOT VALID;
-- file 4: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "column_add_default_exprs" VALIDATE CONSTRAINT "column_add_default_exprs_token_not_null";
-- the check proves it, so that the table is not read again
ALTER TABLE "column_add_default_exprs" ALTER COLUMN "token" SET NOT NULL;
-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" DROP CONSTRAINT "column_add_default_exprs_token_not_null";
