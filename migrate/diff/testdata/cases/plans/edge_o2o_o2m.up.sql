-- drop index "edge_o2o_o2m_parts_edge_o2o_o2m_part_key" from table: "edge_o2o_o2m_parts"
DROP INDEX "edge_o2o_o2m_parts_edge_o2o_o2m_part_key";
