-- modify "edge_field_named_parts" table
ALTER TABLE "edge_field_named_parts" RENAME COLUMN "edge_field_named_parts" TO "whole_id";
