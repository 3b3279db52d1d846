-- file 1: <name>
-- modify "edge_m2o_adds" table
ALTER TABLE "edge_m2o_adds" DROP CONSTRAINT "edge_m2o_adds_edge_m2o_add_parts_part";
ALTER TABLE "edge_m2o_adds" DROP COLUMN "edge_m2o_add_part";
-- file 2: <name>_finish
-- modify "edge_m2o_adds" table
ALTER TABLE "edge_m2o_adds" DROP CONSTRAINT "edge_m2o_adds_edge_m2o_add_parts_part";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_m2o_adds" ADD CONSTRAINT "edge_m2o_adds_edge_m2o_add_parts_part" FOREIGN KEY (edge_m2o_add_part) REFERENCES edge_m2o_add_parts(id) ON DELETE SET NULL NOT VALID;
