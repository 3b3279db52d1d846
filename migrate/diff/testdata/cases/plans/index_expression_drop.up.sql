-- plinth:objects-dropped index by_mail

-- drop index "by_mail" from table: "index_expression_drops"
DROP INDEX "by_mail";
