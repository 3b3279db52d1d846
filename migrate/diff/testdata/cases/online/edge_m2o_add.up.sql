-- file 1: <name>
-- modify "edge_m2o_adds" table
ALTER TABLE "edge_m2o_adds" ADD COLUMN "edge_m2o_add_part" bigint;
ALTER TABLE "edge_m2o_adds" ADD CONSTRAINT "edge_m2o_adds_edge_m2o_add_parts_part" FOREIGN KEY (edge_m2o_add_part) REFERENCES edge_m2o_add_parts(id) ON DELETE SET NULL NOT VALID;
-- file 2: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_m2o_adds" VALIDATE CONSTRAINT "edge_m2o_adds_edge_m2o_add_parts_part";
