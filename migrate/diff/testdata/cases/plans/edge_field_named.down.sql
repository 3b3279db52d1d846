-- modify "edge_field_named_parts" table
ALTER TABLE "edge_field_named_parts" RENAME COLUMN "whole_id" TO "edge_field_named_parts";
