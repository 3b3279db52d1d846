-- modify "key_renames" table
ALTER TABLE "key_renames" RENAME COLUMN "id" TO "number";
ALTER SEQUENCE "key_renames_id_seq" RENAME TO "key_renames_number_seq";
