-- drop index "by_mail" from table: "index_orders"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_orders"
CREATE INDEX "by_mail" ON "index_orders" (mail DESC);
