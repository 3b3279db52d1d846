-- rename "table_rename_annotateds" table
ALTER TABLE "table_rename_annotateds" RENAME TO "people";
-- modify "people" table
ALTER SEQUENCE "table_rename_annotateds_id_seq" RENAME TO "people_id_seq";
ALTER TABLE "people" RENAME CONSTRAINT "table_rename_annotateds_pkey" TO "people_pkey";
