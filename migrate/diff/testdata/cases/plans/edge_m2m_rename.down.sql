-- modify "edge_m2m_rename_pieces" table
ALTER TABLE "edge_m2m_rename_pieces" RENAME CONSTRAINT "edge_m2m_rename_pieces_pkey" TO "edge_m2m_rename_ties_pkey";
ALTER TABLE "edge_m2m_rename_pieces" RENAME CONSTRAINT "edge_m2m_rename_pieces_edge_m2m_rename_part_id" TO "edge_m2m_rename_ties_edge_m2m_rename_part_id";
ALTER TABLE "edge_m2m_rename_pieces" RENAME CONSTRAINT "edge_m2m_rename_pieces_edge_m2m_rename_id" TO "edge_m2m_rename_ties_edge_m2m_rename_id";
-- rename "edge_m2m_rename_ties" table
ALTER TABLE "edge_m2m_rename_pieces" RENAME TO "edge_m2m_rename_ties";
