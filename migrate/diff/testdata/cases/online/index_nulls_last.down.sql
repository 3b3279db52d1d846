-- file 1: <name>_index_by_mail
-- atlas:txmode none

-- drop index "by_mail_new" from table: "index_nulls_lasts"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "by_mail_new";
-- file 2: <name>_swap
-- another index takes the name "by_mail", in an instant
ALTER INDEX "by_mail" RENAME TO "by_mail_new";
ALTER INDEX "by_mail_old" RENAME TO "by_mail";
-- file 3: <name>_drop_by_mail_old
-- atlas:txmode none

-- create index "by_mail_old" to table: "index_nulls_lasts"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "by_mail_old" ON "index_nulls_lasts" (mail);
