-- plinth:irreversible not brought back: the data of column edge_o2m_drop_parts.edge_o2m_drop_parts

-- modify "edge_o2m_drop_parts" table
ALTER TABLE "edge_o2m_drop_parts" ADD COLUMN "edge_o2m_drop_parts" bigint;
ALTER TABLE "edge_o2m_drop_parts" ADD CONSTRAINT "edge_o2m_drop_parts_edge_o2m_drops_parts" FOREIGN KEY (edge_o2m_drop_parts) REFERENCES edge_o2m_drops(id) ON DELETE SET NULL;
