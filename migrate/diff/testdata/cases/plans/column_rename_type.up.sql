-- modify "column_rename_types" table
ALTER TABLE "column_rename_types" RENAME COLUMN "size" TO "bytes";
ALTER TABLE "column_rename_types" ALTER COLUMN "bytes" TYPE bigint;
