-- modify "edge_through_joins" table
ALTER TABLE "edge_through_joins" ADD COLUMN "joined_at" timestamp with time zone NOT NULL DEFAULT now();
