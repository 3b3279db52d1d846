-- modify "edge_o2o_add_parts" table
ALTER TABLE "edge_o2o_add_parts" DROP CONSTRAINT "edge_o2o_add_parts_edge_o2o_adds_part";
-- drop index "edge_o2o_add_parts_edge_o2o_add_part_key" from table: "edge_o2o_add_parts"
DROP INDEX "edge_o2o_add_parts_edge_o2o_add_part_key";
-- modify "edge_o2o_add_parts" table
ALTER TABLE "edge_o2o_add_parts" DROP COLUMN "edge_o2o_add_part";
