-- file 1: <name>
-- modify "edge_self_couples" table
ALTER TABLE "edge_self_couples" DROP CONSTRAINT "edge_self_couples_edge_self_couples_spouse";
ALTER TABLE "edge_self_couples" DROP COLUMN "edge_self_couple_spouse";
-- file 2: <name>_index_edge_self_couples_edge_self_couple_spouse_key
-- atlas:txmode none

-- drop index "edge_self_couples_edge_self_couple_spouse_key" from table: "edge_self_couples"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "edge_self_couples_edge_self_couple_spouse_key";
-- file 3: <name>_finish
-- modify "edge_self_couples" table
ALTER TABLE "edge_self_couples" DROP CONSTRAINT "edge_self_couples_edge_self_couples_spouse";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_self_couples" ADD CONSTRAINT "edge_self_couples_edge_self_couples_spouse" FOREIGN KEY (edge_self_couple_spouse) REFERENCES edge_self_couples(id) ON DELETE SET NULL NOT VALID;
