-- modify "edge_deferrable_later_parts" table
ALTER TABLE "edge_deferrable_later_parts" ALTER CONSTRAINT "edge_deferrable_later_parts_edge_deferrable_laters_parts" DEFERRABLE INITIALLY DEFERRED;
