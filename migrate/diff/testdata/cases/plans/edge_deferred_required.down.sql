-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" DROP DEFAULT;
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" DROP NOT NULL;
