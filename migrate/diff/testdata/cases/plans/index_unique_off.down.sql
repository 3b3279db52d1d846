-- drop index "by_mail" from table: "index_unique_offs"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_unique_offs"
CREATE UNIQUE INDEX "by_mail" ON "index_unique_offs" (mail);
