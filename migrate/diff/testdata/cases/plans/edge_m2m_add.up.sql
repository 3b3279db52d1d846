-- create "edge_m2m_add_ties" table
CREATE TABLE "edge_m2m_add_ties" (
  "edge_m2m_add_id" bigint NOT NULL,
  "edge_m2m_add_part_id" bigint NOT NULL,
  CONSTRAINT "edge_m2m_add_ties_pkey" PRIMARY KEY (edge_m2m_add_id, edge_m2m_add_part_id),
  CONSTRAINT "edge_m2m_add_ties_edge_m2m_add_id" FOREIGN KEY (edge_m2m_add_id) REFERENCES edge_m2m_adds(id) ON DELETE CASCADE,
  CONSTRAINT "edge_m2m_add_ties_edge_m2m_add_part_id" FOREIGN KEY (edge_m2m_add_part_id) REFERENCES edge_m2m_add_parts(id) ON DELETE CASCADE
);
