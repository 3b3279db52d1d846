-- drop index "by_mail" from table: "index_expression_adds"
DROP INDEX "by_mail";
