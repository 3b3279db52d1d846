-- modify "edge_storage_key_parts" table
ALTER TABLE "edge_storage_key_parts" RENAME CONSTRAINT "to_whole" TO "edge_storage_key_parts_edge_storage_keys_parts";
ALTER TABLE "edge_storage_key_parts" RENAME COLUMN "whole" TO "edge_storage_key_parts";
