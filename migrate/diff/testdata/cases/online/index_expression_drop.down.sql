-- atlas:txmode none

-- create index "by_mail" to table: "index_expression_drops"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "by_mail" ON "index_expression_drops" (lower((mail)::text));
