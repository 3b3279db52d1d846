-- modify "edge_o2m_drop_parts" table
ALTER TABLE "edge_o2m_drop_parts" DROP CONSTRAINT "edge_o2m_drop_parts_edge_o2m_drops_parts";
ALTER TABLE "edge_o2m_drop_parts" DROP COLUMN "edge_o2m_drop_parts";
