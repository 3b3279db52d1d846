-- atlas:txmode none

-- drop index "edge_o2o_o2m_parts_edge_o2o_o2m_part_key" from table: "edge_o2o_o2m_parts"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "edge_o2o_o2m_parts_edge_o2o_o2m_part_key";
