-- plinth:objects constraint edge_deferrable_parts.edge_deferrable_parts_edge_deferrables_parts

-- modify "edge_deferrable_parts" table
ALTER TABLE "edge_deferrable_parts" ALTER CONSTRAINT "edge_deferrable_parts_edge_deferrables_parts" DEFERRABLE INITIALLY DEFERRED;
