-- modify "edge_delete_restrict_parts" table
ALTER TABLE "edge_delete_restrict_parts" DROP CONSTRAINT "edge_delete_restrict_parts_edge_delete_restricts_parts";
ALTER TABLE "edge_delete_restrict_parts" ADD CONSTRAINT "edge_delete_restrict_parts_edge_delete_restricts_parts" FOREIGN KEY (edge_delete_restrict_parts) REFERENCES edge_delete_restricts(id) ON DELETE CASCADE;
