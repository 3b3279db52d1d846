-- file 1: <name>
-- drop index "typeindexed_v" from table: "type_indexeds"
DROP INDEX "typeindexed_v";
-- modify "type_indexeds" table
ALTER TABLE "type_indexeds" DROP CONSTRAINT "positive";
ALTER TABLE "type_indexeds" ALTER COLUMN "v" TYPE numeric(8,2);
ALTER TABLE "type_indexeds" ADD CONSTRAINT "positive" CHECK ((v > (0)::numeric)) NOT VALID;
-- create index "typeindexed_v" to table: "type_indexeds"
CREATE INDEX "typeindexed_v" ON "type_indexeds" (v) WHERE (v > (3)::numeric);
-- file 2: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "type_indexeds" VALIDATE CONSTRAINT "positive";
