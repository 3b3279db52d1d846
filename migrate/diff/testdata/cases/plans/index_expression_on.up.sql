-- plinth:objects index by_mail

-- drop index "by_mail" from table: "index_expression_ons"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_expression_ons"
CREATE INDEX "by_mail" ON "index_expression_ons" (lower((mail)::text));
