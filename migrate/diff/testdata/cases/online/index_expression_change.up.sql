-- file 1: <name>_index_by_mail
-- atlas:txmode none

-- create index "by_mail_new" to table: "index_expression_changes"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "by_mail_new" ON "index_expression_changes" (lower((mail)::text), name);
-- file 2: <name>_swap
-- plinth:objects index by_mail

-- another index takes the name "by_mail", in an instant
ALTER INDEX "by_mail" RENAME TO "by_mail_old";
ALTER INDEX "by_mail_new" RENAME TO "by_mail";
-- file 3: <name>_drop_by_mail_old
-- atlas:txmode none

-- drop index "by_mail_old" from table: "index_expression_changes"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "by_mail_old";
