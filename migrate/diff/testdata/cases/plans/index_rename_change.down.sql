-- drop index "new" from table: "index_rename_changes"
DROP INDEX "new";
-- create index "new" to table: "index_rename_changes"
CREATE INDEX "new" ON "index_rename_changes" (mail);
-- modify "index_rename_changes" table
ALTER INDEX "new" RENAME TO "old";
