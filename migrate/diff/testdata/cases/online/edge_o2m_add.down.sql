-- file 1: <name>
-- modify "edge_o2m_add_parts" table
ALTER TABLE "edge_o2m_add_parts" DROP CONSTRAINT "edge_o2m_add_parts_edge_o2m_adds_parts";
ALTER TABLE "edge_o2m_add_parts" DROP COLUMN "edge_o2m_add_parts";
-- file 2: <name>_finish
-- modify "edge_o2m_add_parts" table
ALTER TABLE "edge_o2m_add_parts" DROP CONSTRAINT "edge_o2m_add_parts_edge_o2m_adds_parts";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_o2m_add_parts" ADD CONSTRAINT "edge_o2m_add_parts_edge_o2m_adds_parts" FOREIGN KEY (edge_o2m_add_parts) REFERENCES edge_o2m_adds(id) ON DELETE SET NULL NOT VALID;
