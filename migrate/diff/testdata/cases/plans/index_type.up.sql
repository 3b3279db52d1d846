-- drop index "by_mail" from table: "index_types"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_types"
CREATE INDEX "by_mail" ON "index_types" USING hash (mail);
