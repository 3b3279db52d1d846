-- file 1: <name>
-- modify "edge_m2m_update_ties" table
ALTER TABLE "edge_m2m_update_ties" VALIDATE CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_id";
ALTER TABLE "edge_m2m_update_ties" VALIDATE CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_part_id";
-- file 2: <name>_change
-- modify "edge_m2m_update_ties" table
ALTER TABLE "edge_m2m_update_ties" DROP CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_id";
ALTER TABLE "edge_m2m_update_ties" DROP CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_part_id";
ALTER TABLE "edge_m2m_update_ties" ADD CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_id" FOREIGN KEY (edge_m2m_update_id) REFERENCES edge_m2m_updates(id) ON DELETE CASCADE NOT VALID;
ALTER TABLE "edge_m2m_update_ties" ADD CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_part_id" FOREIGN KEY (edge_m2m_update_part_id) REFERENCES edge_m2m_update_parts(id) ON DELETE CASCADE NOT VALID;
-- file 3: <name>_finish
-- modify "edge_m2m_update_ties" table
ALTER TABLE "edge_m2m_update_ties" DROP CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_id";
ALTER TABLE "edge_m2m_update_ties" DROP CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_part_id";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_m2m_update_ties" ADD CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_id" FOREIGN KEY (edge_m2m_update_id) REFERENCES edge_m2m_updates(id) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE NOT VALID;
ALTER TABLE "edge_m2m_update_ties" ADD CONSTRAINT "edge_m2m_update_ties_edge_m2m_update_part_id" FOREIGN KEY (edge_m2m_update_part_id) REFERENCES edge_m2m_update_parts(id) ON UPDATE CASCADE ON DELETE CASCADE DEFERRABLE NOT VALID;
