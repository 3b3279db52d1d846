-- modify "edge_deferred_required_parts" table
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" SET DEFAULT 1;
SET CONSTRAINTS ALL IMMEDIATE;
UPDATE "edge_deferred_required_parts" SET "whole_id" = 1 WHERE "whole_id" IS NULL;
ALTER TABLE "edge_deferred_required_parts" ALTER COLUMN "whole_id" SET NOT NULL;
