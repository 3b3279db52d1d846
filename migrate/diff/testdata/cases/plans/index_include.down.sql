-- drop index "by_mail" from table: "index_includes"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_includes"
CREATE INDEX "by_mail" ON "index_includes" (mail);
