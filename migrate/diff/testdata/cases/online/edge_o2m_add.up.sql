-- file 1: <name>
-- modify "edge_o2m_add_parts" table
ALTER TABLE "edge_o2m_add_parts" ADD COLUMN "edge_o2m_add_parts" bigint;
ALTER TABLE "edge_o2m_add_parts" ADD CONSTRAINT "edge_o2m_add_parts_edge_o2m_adds_parts" FOREIGN KEY (edge_o2m_add_parts) REFERENCES edge_o2m_adds(id) ON DELETE SET NULL NOT VALID;
-- file 2: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_o2m_add_parts" VALIDATE CONSTRAINT "edge_o2m_add_parts_edge_o2m_adds_parts";
