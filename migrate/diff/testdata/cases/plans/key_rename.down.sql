-- modify "key_renames" table
ALTER SEQUENCE "key_renames_number_seq" RENAME TO "key_renames_id_seq";
ALTER TABLE "key_renames" RENAME COLUMN "number" TO "id";
