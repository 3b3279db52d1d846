-- modify "edge_o2m_rename_parts" table
ALTER TABLE "edge_o2m_rename_parts" RENAME COLUMN "edge_o2m_rename_parts" TO "edge_o2m_rename_pieces";
ALTER TABLE "edge_o2m_rename_parts" RENAME CONSTRAINT "edge_o2m_rename_parts_edge_o2m_renames_parts" TO "edge_o2m_rename_parts_edge_o2m_renames_pieces";
