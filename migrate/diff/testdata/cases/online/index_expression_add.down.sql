-- atlas:txmode none

-- drop index "by_mail" from table: "index_expression_adds"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "by_mail";
