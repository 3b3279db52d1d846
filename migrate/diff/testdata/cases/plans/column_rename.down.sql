-- modify "column_renames" table
ALTER INDEX "column_renames_handle_key" RENAME TO "column_renames_nick_key";
ALTER TABLE "column_renames" RENAME COLUMN "handle" TO "nick";
