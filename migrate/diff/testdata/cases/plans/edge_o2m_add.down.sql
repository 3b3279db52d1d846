-- modify "edge_o2m_add_parts" table
ALTER TABLE "edge_o2m_add_parts" DROP CONSTRAINT "edge_o2m_add_parts_edge_o2m_adds_parts";
ALTER TABLE "edge_o2m_add_parts" DROP COLUMN "edge_o2m_add_parts";
