-- file 1: <name>_shadow_enum_remove_mappeds
-- the values that it will have, in a type of its own
CREATE TYPE "enum_remove_mappeds_mood_new" AS ENUM ('sad', 'glad');
-- beside "mood" of table "enum_remove_mappeds" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "enum_remove_mappeds" ADD COLUMN "mood_new" "enum_remove_mappeds_mood_new";
CREATE FUNCTION "enum_remove_mappeds_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT (CASE "mood"::text WHEN 'calm' THEN 'glad' WHEN 'odd' THEN 'sad' ELSE "mood"::text END)::"enum_remove_mappeds_mood_new" INTO NEW."mood_new" FROM (SELECT NEW.*) AS "enum_remove_mappeds";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "enum_remove_mappeds" FOR EACH ROW EXECUTE FUNCTION "enum_remove_mappeds_plinth_shadow"();
ALTER TABLE "enum_remove_mappeds" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "mood" is filled
ALTER TABLE "enum_remove_mappeds" ADD CONSTRAINT "enum_remove_mappeds_mood_filled" CHECK ("mood_new" IS NOT NULL) NOT VALID;
-- file 2: <name>_fill_enum_remove_mappeds
-- atlas:txmode none
-- plinth:repeatable

-- fill column "mood", in the other type, of table "enum_remove_mappeds" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "enum_remove_mappeds"."id"%TYPE;
  plinth_last "enum_remove_mappeds"."id"%TYPE;
  plinth_end "enum_remove_mappeds"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"enum_remove_mappeds"'::regclass;
  SELECT "id" INTO plinth_first FROM "enum_remove_mappeds" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "enum_remove_mappeds" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "enum_remove_mappeds" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "enum_remove_mappeds" SET "mood_new" = (CASE "mood"::text WHEN 'calm' THEN 'glad' WHEN 'odd' THEN 'sad' ELSE "mood"::text END)::"enum_remove_mappeds_mood_new" WHERE "mood_new" IS NULL AND ((CASE "mood"::text WHEN 'calm' THEN 'glad' WHEN 'odd' THEN 'sad' ELSE "mood"::text END)::"enum_remove_mappeds_mood_new") IS NOT NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "enum_remove_mappeds" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 3: <name>_swap_enum_remove_mappeds
-- atlas:nolint rename-column drop-not-null drop-type another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "enum_remove_mappeds" VALIDATE CONSTRAINT "enum_remove_mappeds_mood_filled";
-- columns of table "enum_remove_mappeds" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood_new" SET NOT NULL;
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" DROP NOT NULL;
ALTER TABLE "enum_remove_mappeds" DROP CONSTRAINT "enum_remove_mappeds_mood_filled";
ALTER TABLE "enum_remove_mappeds" RENAME COLUMN "mood" TO "mood_old";
ALTER TABLE "enum_remove_mappeds" RENAME COLUMN "mood_new" TO "mood";
-- the types change their names, in an instant
ALTER TYPE "enum_remove_mappeds_mood" RENAME TO "enum_remove_mappeds_mood_old";
ALTER TYPE "enum_remove_mappeds_mood_new" RENAME TO "enum_remove_mappeds_mood";
-- the other column of table "enum_remove_mappeds" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
ALTER TABLE "enum_remove_mappeds" ALTER COLUMN "mood" SET DEFAULT 'sad'::enum_remove_mappeds_mood;
CREATE OR REPLACE FUNCTION "enum_remove_mappeds_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "mood"::text::"enum_remove_mappeds_mood_old" INTO NEW."mood_old" FROM (SELECT NEW.*) AS "enum_remove_mappeds";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "mood" is filled
ALTER TABLE "enum_remove_mappeds" ADD CONSTRAINT "enum_remove_mappeds_mood_filled" CHECK ("mood_old" IS NOT NULL) NOT VALID;
-- file 4: <name>_analyze_enum_remove_mappeds
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "enum_remove_mappeds" ("mood");
-- file 5: <name>_drop_enum_remove_mappeds
-- atlas:nolint drop-column drop-trigger drop-type what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "mood" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "enum_remove_mappeds";
DROP FUNCTION "enum_remove_mappeds_plinth_shadow"();
ALTER TABLE "enum_remove_mappeds" DROP COLUMN "mood_old";
-- nothing has this type any more
DROP TYPE "enum_remove_mappeds_mood_old";
