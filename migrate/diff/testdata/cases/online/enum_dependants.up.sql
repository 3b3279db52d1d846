-- stop here while a row holds a value that enum type "enum_dependants_mood" will not have
DO $$
DECLARE
  held text;
BEGIN
  SELECT string_agg(format('%L (rows: %s)', value, n), ', ') INTO held
    FROM (SELECT t."mood"::text AS value, count(*) AS n FROM "enum_dependants" AS t GROUP BY 1 ORDER BY 1) AS held_values
    WHERE value NOT IN ('sad', 'glad');
  IF held IS NOT NULL THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = 'column enum_dependants.mood holds values that enum type enum_dependants_mood will not have: ' || held, HINT = 'UPDATE these rows first, or say what they get by plinth.RemovedValue in the schema code and plan again.';
  END IF;
END
$$;
-- drop index "sad_ones" from table: "enum_dependants"
DROP INDEX "sad_ones";
-- modify "enum_dependants" table
ALTER TABLE "enum_dependants" DROP CONSTRAINT "known";
ALTER TABLE "enum_dependants" DROP COLUMN "low";
-- change the values of enum type "enum_dependants_mood"
ALTER TYPE "enum_dependants_mood" RENAME TO "enum_dependants_mood_old";
CREATE TYPE "enum_dependants_mood" AS ENUM ('sad', 'glad');
ALTER TABLE "enum_dependants" ALTER COLUMN "mood" DROP DEFAULT;
ALTER TABLE "enum_dependants" ALTER COLUMN "mood" TYPE enum_dependants_mood USING "mood"::text::enum_dependants_mood;
ALTER TABLE "enum_dependants" ALTER COLUMN "mood" SET DEFAULT 'sad'::enum_dependants_mood;
DROP TYPE "enum_dependants_mood_old";
-- modify "enum_dependants" table
ALTER TABLE "enum_dependants" ADD COLUMN "low" boolean GENERATED ALWAYS AS ((mood = 'sad'::enum_dependants_mood)) STORED;
ALTER TABLE "enum_dependants" ADD CONSTRAINT "known" CHECK (((mood <> 'glad'::enum_dependants_mood) OR (id > 0)));
-- create index "sad_ones" to table: "enum_dependants"
CREATE INDEX "sad_ones" ON "enum_dependants" (id) WHERE (mood = 'sad'::enum_dependants_mood);
