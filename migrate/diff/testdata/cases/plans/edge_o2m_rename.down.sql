-- modify "edge_o2m_rename_parts" table
ALTER TABLE "edge_o2m_rename_parts" RENAME CONSTRAINT "edge_o2m_rename_parts_edge_o2m_renames_pieces" TO "edge_o2m_rename_parts_edge_o2m_renames_parts";
ALTER TABLE "edge_o2m_rename_parts" RENAME COLUMN "edge_o2m_rename_pieces" TO "edge_o2m_rename_parts";
