-- drop "edge_m2m_drop_ties" table
DROP TABLE "edge_m2m_drop_ties";
