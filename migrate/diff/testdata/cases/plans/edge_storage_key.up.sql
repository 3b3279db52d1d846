-- modify "edge_storage_key_parts" table
ALTER TABLE "edge_storage_key_parts" RENAME COLUMN "edge_storage_key_parts" TO "whole";
ALTER TABLE "edge_storage_key_parts" RENAME CONSTRAINT "edge_storage_key_parts_edge_storage_keys_parts" TO "to_whole";
