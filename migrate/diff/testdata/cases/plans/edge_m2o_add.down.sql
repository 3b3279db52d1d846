-- modify "edge_m2o_adds" table
ALTER TABLE "edge_m2o_adds" DROP CONSTRAINT "edge_m2o_adds_edge_m2o_add_parts_part";
ALTER TABLE "edge_m2o_adds" DROP COLUMN "edge_m2o_add_part";
