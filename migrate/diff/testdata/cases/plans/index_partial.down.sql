-- drop index "by_mail" from table: "index_partials"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_partials"
CREATE INDEX "by_mail" ON "index_partials" (mail);
