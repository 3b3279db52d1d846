-- drop index "by_mail" from table: "index_nulls_lasts"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_nulls_lasts"
CREATE INDEX "by_mail" ON "index_nulls_lasts" (mail DESC NULLS LAST);
