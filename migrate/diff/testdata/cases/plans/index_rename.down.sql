-- modify "index_renames" table
ALTER INDEX "new" RENAME TO "old";
