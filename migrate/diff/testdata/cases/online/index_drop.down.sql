-- atlas:txmode none

-- create index "indexdrop_mail" to table: "index_drops"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "indexdrop_mail" ON "index_drops" (mail);
