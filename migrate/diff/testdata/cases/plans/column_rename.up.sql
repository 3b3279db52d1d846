-- modify "column_renames" table
ALTER TABLE "column_renames" RENAME COLUMN "nick" TO "handle";
ALTER INDEX "column_renames_nick_key" RENAME TO "column_renames_handle_key";
