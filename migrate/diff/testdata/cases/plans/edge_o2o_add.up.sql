-- modify "edge_o2o_add_parts" table
ALTER TABLE "edge_o2o_add_parts" ADD COLUMN "edge_o2o_add_part" bigint;
-- create index "edge_o2o_add_parts_edge_o2o_add_part_key" to table: "edge_o2o_add_parts"
CREATE UNIQUE INDEX "edge_o2o_add_parts_edge_o2o_add_part_key" ON "edge_o2o_add_parts" (edge_o2o_add_part);
-- modify "edge_o2o_add_parts" table
ALTER TABLE "edge_o2o_add_parts" ADD CONSTRAINT "edge_o2o_add_parts_edge_o2o_adds_part" FOREIGN KEY (edge_o2o_add_part) REFERENCES edge_o2o_adds(id) ON DELETE SET NULL;
