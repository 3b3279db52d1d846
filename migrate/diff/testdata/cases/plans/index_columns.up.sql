-- drop index "by_mail" from table: "index_columns"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_columns"
CREATE INDEX "by_mail" ON "index_columns" (name, mail);
