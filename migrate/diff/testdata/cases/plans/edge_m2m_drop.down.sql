-- plinth:irreversible not brought back: the data of table edge_m2m_drop_ties

-- create "edge_m2m_drop_ties" table
CREATE TABLE "edge_m2m_drop_ties" (
  "edge_m2m_drop_id" bigint NOT NULL,
  "edge_m2m_drop_part_id" bigint NOT NULL,
  CONSTRAINT "edge_m2m_drop_ties_pkey" PRIMARY KEY (edge_m2m_drop_id, edge_m2m_drop_part_id),
  CONSTRAINT "edge_m2m_drop_ties_edge_m2m_drop_id" FOREIGN KEY (edge_m2m_drop_id) REFERENCES edge_m2m_drops(id) ON DELETE CASCADE,
  CONSTRAINT "edge_m2m_drop_ties_edge_m2m_drop_part_id" FOREIGN KEY (edge_m2m_drop_part_id) REFERENCES edge_m2m_drop_parts(id) ON DELETE CASCADE
);
