-- file 1: <name>
-- modify "index_rename_changes" table
ALTER INDEX "old" RENAME TO "new";
-- file 2: <name>_index_new
-- atlas:txmode none

-- create index "new_new" to table: "index_rename_changes"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "new_new" ON "index_rename_changes" (mail, name);
-- file 3: <name>_swap
-- another index takes the name "new", in an instant
ALTER INDEX "new" RENAME TO "new_old";
ALTER INDEX "new_new" RENAME TO "new";
-- file 4: <name>_drop_new_old
-- atlas:txmode none

-- drop index "new_old" from table: "index_rename_changes"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "new_old";
