-- plinth:objects-dropped constraint edge_immediate_parts.edge_immediate_parts_edge_immediates_parts

-- modify "edge_immediate_parts" table
ALTER TABLE "edge_immediate_parts" ALTER CONSTRAINT "edge_immediate_parts_edge_immediates_parts" NOT DEFERRABLE;
