-- atlas:txmode none
-- plinth:objects index by_mail

-- create index "by_mail" to table: "index_expression_adds"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "by_mail" ON "index_expression_adds" (lower((mail)::text));
