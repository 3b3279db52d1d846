-- plinth:objects index manyatonce_age

-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" RENAME COLUMN "nick" TO "handle";
ALTER INDEX "many_at_onces_nick_key" RENAME TO "many_at_onces_handle_key";
-- drop index "manyatonce_age" from table: "many_at_onces"
DROP INDEX "manyatonce_age";
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" DROP CONSTRAINT "adult";
ALTER TABLE "many_at_onces" DROP COLUMN "gone";
-- change the values of enum type "many_at_onces_mood"
ALTER TYPE "many_at_onces_mood" RENAME TO "many_at_onces_mood_old";
CREATE TYPE "many_at_onces_mood" AS ENUM ('glad', 'sad');
ALTER TABLE "many_at_onces" ALTER COLUMN "mood" TYPE many_at_onces_mood USING (CASE "mood"::text WHEN 'calm' THEN 'glad' ELSE "mood"::text END)::many_at_onces_mood;
DROP TYPE "many_at_onces_mood_old";
-- modify "many_at_onces" table
ALTER TABLE "many_at_onces" ALTER COLUMN "age" SET DEFAULT 18;
UPDATE "many_at_onces" SET "age" = 18 WHERE "age" IS NULL;
ALTER TABLE "many_at_onces" ALTER COLUMN "age" SET NOT NULL;
ALTER TABLE "many_at_onces" ALTER COLUMN "size" TYPE double precision;
ALTER TABLE "many_at_onces" ADD COLUMN "at" timestamp with time zone NOT NULL DEFAULT now();
ALTER TABLE "many_at_onces" ADD COLUMN "twice" bigint GENERATED ALWAYS AS ((age * 2)) STORED;
ALTER TABLE "many_at_onces" ADD CONSTRAINT "adult" CHECK ((age >= 16));
-- create index "manyatonce_age" to table: "many_at_onces"
CREATE INDEX "manyatonce_age" ON "many_at_onces" (age DESC NULLS LAST, lower((handle)::text));
