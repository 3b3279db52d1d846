-- atlas:txmode none

-- drop index "by_mail" from table: "index_expression_adds"
DROP INDEX CONCURRENTLY "by_mail";
