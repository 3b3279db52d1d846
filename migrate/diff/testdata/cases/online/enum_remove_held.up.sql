-- file 1: <name>_shadow_enum_remove_helds
-- stop here while a row holds a value that enum type "enum_remove_helds_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_remove_helds" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'column enum_remove_helds.mood holds values that enum type enum_remove_helds_mood will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- the values that it will have, in a type of its own
CREATE TYPE "enum_remove_helds_mood_new" AS ENUM ('sad', 'glad');
-- beside "mood" of table "enum_remove_helds" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "enum_remove_helds" ADD COLUMN "mood_new" "enum_remove_helds_mood_new";
CREATE FUNCTION "enum_remove_helds_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "mood"::text::"enum_remove_helds_mood_new" INTO NEW."mood_new" FROM (SELECT NEW.*) AS "enum_remove_helds";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "enum_remove_helds" FOR EACH ROW EXECUTE FUNCTION "enum_remove_helds_plinth_shadow"();
ALTER TABLE "enum_remove_helds" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "mood" is filled
ALTER TABLE "enum_remove_helds" ADD CONSTRAINT "enum_remove_helds_mood_filled" CHECK ("mood_new" IS NOT NULL) NOT VALID;
-- file 2: <name>_fill_enum_remove_helds
-- atlas:txmode none
-- plinth:repeatable

-- fill column "mood", in the other type, of table "enum_remove_helds" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "enum_remove_helds"."id"%TYPE;
  plinth_last "enum_remove_helds"."id"%TYPE;
  plinth_end "enum_remove_helds"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"enum_remove_helds"'::regclass;
  SELECT "id" INTO plinth_first FROM "enum_remove_helds" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "enum_remove_helds" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "enum_remove_helds" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "enum_remove_helds" SET "mood_new" = "mood"::text::"enum_remove_helds_mood_new" WHERE "mood_new" IS NULL AND ("mood"::text::"enum_remove_helds_mood_new") IS NOT NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "enum_remove_helds" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_swap_enum_remove_helds
-- atlas:nolint rename-column drop-not-null drop-type another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "enum_remove_helds" VALIDATE CONSTRAINT "enum_remove_helds_mood_filled";
-- columns of table "enum_remove_helds" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "enum_remove_helds" ALTER COLUMN "mood_new" SET NOT NULL;
ALTER TABLE "enum_remove_helds" ALTER COLUMN "mood" DROP NOT NULL;
ALTER TABLE "enum_remove_helds" DROP CONSTRAINT "enum_remove_helds_mood_filled";
ALTER TABLE "enum_remove_helds" RENAME COLUMN "mood" TO "mood_old";
ALTER TABLE "enum_remove_helds" RENAME COLUMN "mood_new" TO "mood";
-- the types change their names, in an instant
ALTER TYPE "enum_remove_helds_mood" RENAME TO "enum_remove_helds_mood_old";
ALTER TYPE "enum_remove_helds_mood_new" RENAME TO "enum_remove_helds_mood";
-- the other column of table "enum_remove_helds" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
CREATE OR REPLACE FUNCTION "enum_remove_helds_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "mood"::text::"enum_remove_helds_mood_old" INTO NEW."mood_old" FROM (SELECT NEW.*) AS "enum_remove_helds";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "mood" is filled
ALTER TABLE "enum_remove_helds" ADD CONSTRAINT "enum_remove_helds_mood_filled" CHECK ("mood_old" IS NOT NULL) NOT VALID;
-- file 4: <name>_analyze_enum_remove_helds
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "enum_remove_helds" ("mood");
-- file 5: <name>_drop_enum_remove_helds
-- atlas:nolint drop-column drop-trigger drop-type what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "mood" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "enum_remove_helds";
DROP FUNCTION "enum_remove_helds_plinth_shadow"();
ALTER TABLE "enum_remove_helds" DROP COLUMN "mood_old";
-- nothing has this type any more
DROP TYPE "enum_remove_helds_mood_old";
