-- modify "column_rename_types" table
ALTER TABLE "column_rename_types" ALTER COLUMN "bytes" TYPE integer;
ALTER TABLE "column_rename_types" RENAME COLUMN "bytes" TO "size";
