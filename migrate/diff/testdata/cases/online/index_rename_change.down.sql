-- file 1: <name>
-- modify "index_rename_changes" table
ALTER INDEX "new" RENAME TO "old";
-- file 2: <name>_index_new
-- atlas:txmode none

-- drop index "new_new" from table: "index_rename_changes"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "new_new";
-- file 3: <name>_swap
-- another index takes the name "new", in an instant
ALTER INDEX "new" RENAME TO "new_new";
ALTER INDEX "new_old" RENAME TO "new";
-- file 4: <name>_drop_new_old
-- atlas:txmode none

-- create index "new_old" to table: "index_rename_changes"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "new_old" ON "index_rename_changes" (mail);
