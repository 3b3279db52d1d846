-- atlas:txmode none

-- drop index "indexadd_mail_name" from table: "index_adds"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "indexadd_mail_name";
