-- plinth:irreversible not brought back: the data of column many_at_onces.gone, which rows of column many_at_onces.mood held 'calm' before they got 'glad', which rows of column many_at_onces.age held NULL before they got 18, what column many_at_onces.size held beyond double precision

-- drop index "manyatonce_age" from table: "many_at_onces"
DROP INDEX "manyatonce_age";
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
ALTER TABLE "many_at_onces" ALTER COLUMN "age" DROP NOT NULL;
ALTER TABLE "many_at_onces" ALTER COLUMN "size" TYPE bigint;
ALTER TABLE "many_at_onces" ADD COLUMN "gone" character varying NOT NULL DEFAULT 'x'::character varying;
ALTER TABLE "many_at_onces" ADD CONSTRAINT "adult" CHECK ((age >= 18));
-- create index "manyatonce_age" to table: "many_at_onces"
CREATE INDEX "manyatonce_age" ON "many_at_onces" (age);
-- modify "many_at_onces" table
ALTER INDEX "many_at_onces_handle_key" RENAME TO "many_at_onces_nick_key";
ALTER TABLE "many_at_onces" RENAME COLUMN "handle" TO "nick";
