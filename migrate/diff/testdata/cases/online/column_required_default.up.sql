-- file 1: <name>
-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" SET DEFAULT 18;
-- file 2: <name>_fill_column_required_defaults_age
-- atlas:txmode none
-- plinth:repeatable

-- fill column "age" of table "column_required_defaults" in batches, each in a transaction of its own; it can be run again
DO $$
DECLARE
  plinth_first "column_required_defaults"."id"%TYPE;
  plinth_last "column_required_defaults"."id"%TYPE;
  plinth_end "column_required_defaults"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"column_required_defaults"'::regclass;
  SELECT "id" INTO plinth_first FROM "column_required_defaults" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "column_required_defaults" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", plinth_rows + count(*) OVER () INTO plinth_last, plinth_rows FROM (SELECT "id" FROM "column_required_defaults" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    UPDATE "column_required_defaults" SET "age" = 18 WHERE "age" IS NULL AND "id" BETWEEN plinth_first AND plinth_last;
    PERFORM set_config('application_name', format('plinth: %s of about %s rows', plinth_rows, greatest(plinth_rows, plinth_all)), false);
    COMMIT;
    SELECT "id" INTO plinth_first FROM "column_required_defaults" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$$;
-- file 3: <name>_require
-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" ADD CONSTRAINT "column_required_defaults_age_not_null" CHECK ("age" IS NOT NULL) NOT VALID;
-- file 4: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "column_required_defaults" VALIDATE CONSTRAINT "column_required_defaults_age_not_null";
-- the check proves it, so that the table is not read again
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" SET NOT NULL;
-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" DROP CONSTRAINT "column_required_defaults_age_not_null";
