-- atlas:txmode none
-- plinth:objects-dropped index by_mail

-- drop index "by_mail" from table: "index_expression_drops"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "by_mail";
