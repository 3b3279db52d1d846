-- file 1: <name>
-- modify "edge_o2o_add_parts" table
ALTER TABLE "edge_o2o_add_parts" DROP CONSTRAINT "edge_o2o_add_parts_edge_o2o_adds_part";
ALTER TABLE "edge_o2o_add_parts" DROP COLUMN "edge_o2o_add_part";
-- file 2: <name>_index_edge_o2o_add_parts_edge_o2o_add_part_key
-- atlas:txmode none

-- drop index "edge_o2o_add_parts_edge_o2o_add_part_key" from table: "edge_o2o_add_parts"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "edge_o2o_add_parts_edge_o2o_add_part_key";
-- file 3: <name>_finish
-- modify "edge_o2o_add_parts" table
ALTER TABLE "edge_o2o_add_parts" DROP CONSTRAINT "edge_o2o_add_parts_edge_o2o_adds_part";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_o2o_add_parts" ADD CONSTRAINT "edge_o2o_add_parts_edge_o2o_adds_part" FOREIGN KEY (edge_o2o_add_part) REFERENCES edge_o2o_adds(id) ON DELETE SET NULL NOT VALID;
