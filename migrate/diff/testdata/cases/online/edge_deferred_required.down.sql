-- file 1: <name>
-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" DROP DEFAULT;
-- file 2: <name>_fill_edge_deferred_required_parts_whole_id
-- plinth:irreversible not brought back: which rows of column edge_deferred_required_parts.whole_id held NULL before they got 1

-- file 3: <name>_require
-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" DROP CONSTRAINT "edge_deferred_required_parts_whole_id_not_null";
-- file 4: <name>_finish
-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" DROP NOT NULL;
ALTER TABLE "edge_deferred_required_parts" ADD CONSTRAINT "edge_deferred_required_parts_whole_id_not_null" CHECK ((whole_id IS NOT NULL)) NOT VALID;
