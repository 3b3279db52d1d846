-- atlas:txmode none

-- drop index "edge_o2m_o2o_parts_edge_o2m_o2o_part_key" from table: "edge_o2m_o2o_parts"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "edge_o2m_o2o_parts_edge_o2m_o2o_part_key";
