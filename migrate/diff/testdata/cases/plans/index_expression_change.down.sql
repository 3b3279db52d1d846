-- drop index "by_mail" from table: "index_expression_changes"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_expression_changes"
CREATE UNIQUE INDEX "by_mail" ON "index_expression_changes" (lower((mail)::text));
