-- atlas:txmode none

-- create index "edge_o2o_o2m_parts_edge_o2o_o2m_part_key" to table: "edge_o2o_o2m_parts"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
CREATE UNIQUE INDEX CONCURRENTLY "edge_o2o_o2m_parts_edge_o2o_o2m_part_key" ON "edge_o2o_o2m_parts" (edge_o2o_o2m_part);
