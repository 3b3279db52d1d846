-- file 1: <name>
-- modify "edge_self_couples" table
ALTER TABLE "edge_self_couples" ADD COLUMN "edge_self_couple_spouse" bigint;
ALTER TABLE "edge_self_couples" ADD CONSTRAINT "edge_self_couples_edge_self_couples_spouse" FOREIGN KEY (edge_self_couple_spouse) REFERENCES edge_self_couples(id) ON DELETE SET NULL NOT VALID;
-- file 2: <name>_index_edge_self_couples_edge_self_couple_spouse_key
-- atlas:txmode none

-- create index "edge_self_couples_edge_self_couple_spouse_key" to table: "edge_self_couples"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE UNIQUE INDEX CONCURRENTLY "edge_self_couples_edge_self_couple_spouse_key" ON "edge_self_couples" (edge_self_couple_spouse);
-- file 3: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_self_couples" VALIDATE CONSTRAINT "edge_self_couples_edge_self_couples_spouse";
