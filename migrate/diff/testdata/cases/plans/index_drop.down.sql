-- create index "indexdrop_mail" to table: "index_drops"
CREATE INDEX "indexdrop_mail" ON "index_drops" (mail);
