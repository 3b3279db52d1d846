-- drop index "by_mail" from table: "index_nulls_not_distincts"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_nulls_not_distincts"
CREATE UNIQUE INDEX "by_mail" ON "index_nulls_not_distincts" (mail);
