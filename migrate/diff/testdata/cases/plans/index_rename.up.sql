-- modify "index_renames" table
ALTER INDEX "old" RENAME TO "new";
