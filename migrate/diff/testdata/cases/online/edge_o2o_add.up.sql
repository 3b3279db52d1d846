-- file 1: <name>
-- modify "edge_o2o_add_parts" table
ALTER TABLE "edge_o2o_add_parts" ADD COLUMN "edge_o2o_add_part" bigint;
ALTER TABLE "edge_o2o_add_parts" ADD CONSTRAINT "edge_o2o_add_parts_edge_o2o_adds_part" FOREIGN KEY (edge_o2o_add_part) REFERENCES edge_o2o_adds(id) ON DELETE SET NULL NOT VALID;
-- file 2: <name>_index_edge_o2o_add_parts_edge_o2o_add_part_key
-- atlas:txmode none

-- create index "edge_o2o_add_parts_edge_o2o_add_part_key" to table: "edge_o2o_add_parts"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE UNIQUE INDEX CONCURRENTLY "edge_o2o_add_parts_edge_o2o_add_part_key" ON "edge_o2o_add_parts" (edge_o2o_add_part);
-- file 3: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_o2o_add_parts" VALIDATE CONSTRAINT "edge_o2o_add_parts_edge_o2o_adds_part";
