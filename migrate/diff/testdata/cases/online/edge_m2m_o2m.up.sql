-- file 1: <name>
-- drop "edge_m2m_o2m_ties" table
DROP TABLE "edge_m2m_o2m_ties";
-- modify "edge_m2m_o2m_parts" table
ALTER TABLE "edge_m2m_o2m_parts" ADD COLUMN "edge_m2m_o2m_parts" bigint;
ALTER TABLE "edge_m2m_o2m_parts" ADD CONSTRAINT "edge_m2m_o2m_parts_edge_m2m_o2ms_parts" FOREIGN KEY (edge_m2m_o2m_parts) REFERENCES edge_m2m_o2ms(id) ON DELETE SET NULL NOT VALID;
-- file 2: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_m2m_o2m_parts" VALIDATE CONSTRAINT "edge_m2m_o2m_parts_edge_m2m_o2ms_parts";
