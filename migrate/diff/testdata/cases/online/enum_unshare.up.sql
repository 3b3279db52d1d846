-- file 1: <name>
-- rename enum type "enum_unshare_type"
ALTER TYPE "enum_unshare_type" RENAME TO "enum_unshares_mood";
-- create enum type "enum_unshare_others_mood"
CREATE TYPE "enum_unshare_others_mood" AS ENUM ('sad', 'glad');
-- file 2: <name>_shadow_enum_unshare_others
-- beside "mood" of table "enum_unshare_others" comes a column of the other type, which a trigger keeps equal: locks for an instant
ALTER TABLE "enum_unshare_others" ADD COLUMN "mood_new" enum_unshare_others_mood;
CREATE FUNCTION "enum_unshare_others_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "mood"::text::enum_unshare_others_mood INTO NEW."mood_new" FROM (SELECT NEW.*) AS "enum_unshare_others";
  RETURN NEW;
END
$plinth$;
CREATE TRIGGER "~plinth_shadow" BEFORE INSERT OR UPDATE ON "enum_unshare_others" FOR EACH ROW EXECUTE FUNCTION "enum_unshare_others_plinth_shadow"();
ALTER TABLE "enum_unshare_others" ENABLE ALWAYS TRIGGER "~plinth_shadow";
-- checked from now on, and for the rows that are there once "mood" is filled
ALTER TABLE "enum_unshare_others" ADD CONSTRAINT "enum_unshare_others_mood_filled" CHECK ("mood_new" IS NOT NULL) NOT VALID;
-- file 3: <name>_fill_enum_unshare_others
-- atlas:txmode none
-- plinth:repeatable

-- fill column "mood", in the other type, of table "enum_unshare_others" in batches, each in a transaction of its own; it can be run again
DO $plinth$
#variable_conflict use_column
DECLARE
  plinth_first "enum_unshare_others"."id"%TYPE;
  plinth_last "enum_unshare_others"."id"%TYPE;
  plinth_end "enum_unshare_others"."id"%TYPE;
  plinth_rows bigint := 0;
  plinth_all bigint;
  plinth_batch bigint;
  plinth_tries int := 0;
BEGIN
  SELECT reltuples INTO plinth_all FROM pg_class WHERE oid = '"enum_unshare_others"'::regclass;
  SELECT "id" INTO plinth_first FROM "enum_unshare_others" ORDER BY "id" LIMIT 1;
  SELECT "id" INTO plinth_end FROM "enum_unshare_others" ORDER BY "id" DESC LIMIT 1;
  WHILE plinth_first <= plinth_end LOOP
    SELECT "id", count(*) OVER () INTO plinth_last, plinth_batch FROM (SELECT "id" FROM "enum_unshare_others" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    BEGIN
      PERFORM set_config('lock_timeout', '50ms', true);
      UPDATE "enum_unshare_others" SET "mood_new" = "mood"::text::enum_unshare_others_mood WHERE "mood_new" IS NULL AND ("mood"::text::enum_unshare_others_mood) IS NOT NULL AND "id" BETWEEN plinth_first AND plinth_last;
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
    SELECT "id" INTO plinth_first FROM "enum_unshare_others" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$plinth$;
-- file 4: <name>_swap_enum_unshare_others
-- atlas:nolint rename-column drop-not-null another column takes the place in the same instant

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); no other lock is held meanwhile
ALTER TABLE "enum_unshare_others" VALIDATE CONSTRAINT "enum_unshare_others_mood_filled";
-- columns of table "enum_unshare_others" change their names, in an instant; the new one stands last, so that statements must name the columns that they write
ALTER TABLE "enum_unshare_others" ALTER COLUMN "mood_new" SET NOT NULL;
ALTER TABLE "enum_unshare_others" ALTER COLUMN "mood" DROP NOT NULL;
ALTER TABLE "enum_unshare_others" DROP CONSTRAINT "enum_unshare_others_mood_filled";
ALTER TABLE "enum_unshare_others" RENAME COLUMN "mood" TO "mood_old";
ALTER TABLE "enum_unshare_others" RENAME COLUMN "mood_new" TO "mood";
-- the other column of table "enum_unshare_others" is kept equal until the last file drops it, so that the change can be taken back: until then each value must fit both
CREATE OR REPLACE FUNCTION "enum_unshare_others_plinth_shadow"() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $plinth$
#variable_conflict use_column
BEGIN
  SELECT "mood"::text::enum_unshares_mood INTO NEW."mood_old" FROM (SELECT NEW.*) AS "enum_unshare_others";
  RETURN NEW;
END
$plinth$;
-- checked from now on, and for the rows that are there once "mood" is filled
ALTER TABLE "enum_unshare_others" ADD CONSTRAINT "enum_unshare_others_mood_filled" CHECK ("mood_old" IS NOT NULL) NOT VALID;
-- file 5: <name>_analyze_enum_unshare_others
-- statistics of the column that is new, which no query plan knows yet
ANALYZE "enum_unshare_others" ("mood");
-- file 6: <name>_drop_enum_unshare_others
-- atlas:nolint drop-column drop-trigger what goes is a copy: the column lives on under its name, with another type

-- nothing needs the copy of "mood" any more: locks for an instant
DROP TRIGGER "~plinth_shadow" ON "enum_unshare_others";
DROP FUNCTION "enum_unshare_others_plinth_shadow"();
ALTER TABLE "enum_unshare_others" DROP COLUMN "mood_old";
