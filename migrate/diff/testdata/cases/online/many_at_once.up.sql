-- file 1: <name>
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" RENAME COLUMN "nick" TO "handle";
ALTER INDEX "many_at_onces_nick_key" RENAME TO "many_at_onces_handle_key";
ALTER TABLE "many_at_onces" DROP CONSTRAINT "adult";
ALTER TABLE "many_at_onces" DROP COLUMN "gone";
-- change the values of enum type "many_at_onces_mood"
ALTER TYPE "many_at_onces_mood" RENAME TO "many_at_onces_mood_old";
CREATE TYPE "many_at_onces_mood" AS ENUM ('glad', 'sad');
ALTER TABLE "many_at_onces" ALTER COLUMN "mood" TYPE many_at_onces_mood USING (CASE "mood"::text WHEN 'calm' THEN 'glad' ELSE "mood"::text END)::many_at_onces_mood;
DROP TYPE "many_at_onces_mood_old";
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" ALTER COLUMN "age" SET DEFAULT 18;
ALTER TABLE "many_at_onces" ALTER COLUMN "size" TYPE double precision;
ALTER TABLE "many_at_onces" ADD COLUMN "at" timestamp with time zone NOT NULL DEFAULT now();
ALTER TABLE "many_at_onces" ADD COLUMN "twice" bigint GENERATED ALWAYS AS ((age * 2)) STORED;
ALTER TABLE "many_at_onces" ADD CONSTRAINT "adult" CHECK ((age >= 16)) NOT VALID;
-- file 2: <name>_fill_many_at_onces_age
-- atlas:txmode none
-- plinth:repeatable

-- fill column "age" of table "many_at_onces" in batches, each in a transaction of its own; it can be run again
DO $$
DECLARE
  plinth_first "many_at_onces"."id"%TYPE;
  plinth_last "many_at_onces"."id"%TYPE;
BEGIN
  SELECT "id" INTO plinth_first FROM "many_at_onces" ORDER BY "id" LIMIT 1;
  WHILE plinth_first IS NOT NULL LOOP
    SELECT "id" INTO plinth_last FROM (SELECT "id" FROM "many_at_onces" WHERE "id" >= plinth_first ORDER BY "id" LIMIT 1000) AS batch ORDER BY "id" DESC LIMIT 1;
    UPDATE "many_at_onces" SET "age" = 18 WHERE "age" IS NULL AND "id" BETWEEN plinth_first AND plinth_last;
    COMMIT;
    SELECT "id" INTO plinth_first FROM "many_at_onces" WHERE "id" > plinth_last ORDER BY "id" LIMIT 1;
  END LOOP;
END
$$;
-- file 3: <name>_require
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" ADD CONSTRAINT "many_at_onces_age_not_null" CHECK ("age" IS NOT NULL) NOT VALID;
-- file 4: <name>_index_manyatonce_age
-- atlas:txmode none
-- plinth:objects index manyatonce_age_new

-- create index "manyatonce_age_new" to table: "many_at_onces"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "manyatonce_age_new" ON "many_at_onces" (age DESC NULLS LAST, lower((handle)::text));
-- file 5: <name>_swap
-- another index takes the name "manyatonce_age", in an instant
ALTER INDEX "manyatonce_age" RENAME TO "manyatonce_age_old";
ALTER INDEX "manyatonce_age_new" RENAME TO "manyatonce_age";
-- file 6: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "many_at_onces" VALIDATE CONSTRAINT "adult";
ALTER TABLE "many_at_onces" VALIDATE CONSTRAINT "many_at_onces_age_not_null";
-- the check proves it, so that the table is not read again
ALTER TABLE "many_at_onces" ALTER COLUMN "age" SET NOT NULL;
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" DROP CONSTRAINT "many_at_onces_age_not_null";
-- file 7: <name>_drop_manyatonce_age_old
-- atlas:txmode none

-- drop index "manyatonce_age_old" from table: "many_at_onces"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "manyatonce_age_old";
