-- modify "edge_through_joins" table
ALTER TABLE "edge_through_joins" DROP COLUMN "joined_at";
