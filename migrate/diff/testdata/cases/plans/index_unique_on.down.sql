-- drop index "by_mail" from table: "index_unique_ons"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_unique_ons"
CREATE INDEX "by_mail" ON "index_unique_ons" (mail);
