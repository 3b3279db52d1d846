-- modify "people" table
ALTER TABLE "people" RENAME CONSTRAINT "people_pkey" TO "table_rename_annotateds_pkey";
ALTER SEQUENCE "people_id_seq" RENAME TO "table_rename_annotateds_id_seq";
-- rename "table_rename_annotateds" table
ALTER TABLE "people" RENAME TO "table_rename_annotateds";
