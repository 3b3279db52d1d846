-- plinth:irreversible not brought back: which rows of column edge_deferred_required_parts.whole_id held NULL before they got 1

-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" DROP DEFAULT;
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" DROP NOT NULL;
