-- atlas:txmode none

-- create index "edge_o2m_o2o_parts_edge_o2m_o2o_part_key" to table: "edge_o2m_o2o_parts"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE UNIQUE INDEX CONCURRENTLY "edge_o2m_o2o_parts_edge_o2m_o2o_part_key" ON "edge_o2m_o2o_parts" (edge_o2m_o2o_part);
