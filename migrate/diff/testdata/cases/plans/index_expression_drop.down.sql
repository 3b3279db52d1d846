-- create index "by_mail" to table: "index_expression_drops"
CREATE INDEX "by_mail" ON "index_expression_drops" (lower((mail)::text));
