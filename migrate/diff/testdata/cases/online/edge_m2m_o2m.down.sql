-- file 1: <name>
-- plinth:irreversible not brought back: the data of table edge_m2m_o2m_ties

-- modify "edge_m2m_o2m_parts" table
ALTER TABLE "edge_m2m_o2m_parts" DROP CONSTRAINT "edge_m2m_o2m_parts_edge_m2m_o2ms_parts";
ALTER TABLE "edge_m2m_o2m_parts" DROP COLUMN "edge_m2m_o2m_parts";
-- create "edge_m2m_o2m_ties" table
CREATE TABLE "edge_m2m_o2m_ties" (
  "edge_m2m_o2m_id" bigint NOT NULL,
  "edge_m2m_o2m_part_id" bigint NOT NULL,
  CONSTRAINT "edge_m2m_o2m_ties_pkey" PRIMARY KEY (edge_m2m_o2m_id, edge_m2m_o2m_part_id),
  CONSTRAINT "edge_m2m_o2m_ties_edge_m2m_o2m_id" FOREIGN KEY (edge_m2m_o2m_id) REFERENCES edge_m2m_o2ms(id) ON DELETE CASCADE,
  CONSTRAINT "edge_m2m_o2m_ties_edge_m2m_o2m_part_id" FOREIGN KEY (edge_m2m_o2m_part_id) REFERENCES edge_m2m_o2m_parts(id) ON DELETE CASCADE
);
-- file 2: <name>_finish
-- modify "edge_m2m_o2m_parts" table
ALTER TABLE "edge_m2m_o2m_parts" DROP CONSTRAINT "edge_m2m_o2m_parts_edge_m2m_o2ms_parts";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_m2m_o2m_parts" ADD CONSTRAINT "edge_m2m_o2m_parts_edge_m2m_o2ms_parts" FOREIGN KEY (edge_m2m_o2m_parts) REFERENCES edge_m2m_o2ms(id) ON DELETE SET NULL NOT VALID;
