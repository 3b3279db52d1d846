-- atlas:txmode none

-- create index "indexdrop_mail" to table: "index_drops"
CREATE INDEX CONCURRENTLY "indexdrop_mail" ON "index_drops" (mail);
