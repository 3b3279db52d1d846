-- file 1: <name>
-- plinth:irreversible not brought back: the data of column many_at_onces.gone, which rows of column many_at_onces.mood held 'calm' before they got 'glad', what column many_at_onces.size held beyond double precision

-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" DROP CONSTRAINT "adult";
ALTER TABLE "many_at_onces" DROP COLUMN "twice";
ALTER TABLE "many_at_onces" DROP COLUMN "at";
-- change the values of enum type "many_at_onces_mood"
ALTER TYPE "many_at_onces_mood" RENAME TO "many_at_onces_mood_old";
CREATE TYPE "many_at_onces_mood" AS ENUM ('sad', 'glad', 'calm');
ALTER TABLE "many_at_onces" ALTER COLUMN "mood" TYPE many_at_onces_mood USING "mood"::text::many_at_onces_mood;
DROP TYPE "many_at_onces_mood_old";
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" ALTER COLUMN "age" DROP DEFAULT;
ALTER TABLE "many_at_onces" ALTER COLUMN "size" TYPE bigint;
ALTER TABLE "many_at_onces" ADD COLUMN "gone" character varying NOT NULL DEFAULT 'x'::character varying;
ALTER TABLE "many_at_onces" ADD CONSTRAINT "adult" CHECK ((age >= 18));
ALTER INDEX "many_at_onces_handle_key" RENAME TO "many_at_onces_nick_key";
ALTER TABLE "many_at_onces" RENAME COLUMN "handle" TO "nick";
-- file 2: <name>_fill_many_at_onces_age
-- plinth:irreversible not brought back: which rows of column many_at_onces.age held NULL before they got 18

-- file 3: <name>_require
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" DROP CONSTRAINT "many_at_onces_age_not_null";
-- file 4: <name>_index_manyatonce_age
-- atlas:txmode none

-- drop index "manyatonce_age_new" from table: "many_at_onces"
DROP INDEX CONCURRENTLY "manyatonce_age_new";
-- file 5: <name>_swap
-- another index takes the name "manyatonce_age", in an instant
ALTER INDEX "manyatonce_age" RENAME TO "manyatonce_age_new";
ALTER INDEX "manyatonce_age_old" RENAME TO "manyatonce_age";
-- file 6: <name>_finish
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" DROP CONSTRAINT "adult";
ALTER TABLE "many_at_onces" ALTER COLUMN "age" DROP NOT NULL;
ALTER TABLE "many_at_onces" ADD CONSTRAINT "adult" CHECK ((age >= 16)) NOT VALID;
ALTER TABLE "many_at_onces" ADD CONSTRAINT "many_at_onces_age_not_null" CHECK ((age IS NOT NULL)) NOT VALID;
-- file 7: <name>_drop_manyatonce_age_old
-- atlas:txmode none

-- create index "manyatonce_age_old" to table: "many_at_onces"
CREATE INDEX CONCURRENTLY "manyatonce_age_old" ON "many_at_onces" (age);
