-- plinth:objects index by_mail

-- create index "by_mail" to table: "index_expression_adds"
CREATE INDEX "by_mail" ON "index_expression_adds" (lower((mail)::text));
