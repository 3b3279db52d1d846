-- drop "edge_m2m_add_ties" table
DROP TABLE "edge_m2m_add_ties";
