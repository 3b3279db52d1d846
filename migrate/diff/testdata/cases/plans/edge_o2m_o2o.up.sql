-- create index "edge_o2m_o2o_parts_edge_o2m_o2o_part_key" to table: "edge_o2m_o2o_parts"
CREATE UNIQUE INDEX "edge_o2m_o2o_parts_edge_o2m_o2o_part_key" ON "edge_o2m_o2o_parts" (edge_o2m_o2o_part);
