-- file 1: <name>
-- drop index "typeindexed_v" from table: "type_indexeds"
DROP INDEX "typeindexed_v";
-- modify "type_indexeds" table
ALTER TABLE "type_indexeds" DROP CONSTRAINT "positive";
ALTER TABLE "type_indexeds" ALTER COLUMN "v" TYPE bigint;
ALTER TABLE "type_indexeds" ADD CONSTRAINT "positive" CHECK ((v > 0));
-- create index "typeindexed_v" to table: "type_indexeds"
CREATE INDEX "typeindexed_v" ON "type_indexeds" (v) WHERE (v > 3);
-- file 2: <name>_finish
-- modify "type_indexeds" table
ALTER TABLE "type_indexeds" DROP CONSTRAINT "positive";
ALTER TABLE "type_indexeds" ADD CONSTRAINT "positive" CHECK ((v > (0)::numeric)) NOT VALID;
