-- modify "edge_deferrable_parts" table
ALTER TABLE "edge_deferrable_parts" ALTER CONSTRAINT "edge_deferrable_parts_edge_deferrables_parts" NOT DEFERRABLE;
