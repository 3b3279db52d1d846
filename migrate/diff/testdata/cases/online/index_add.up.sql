-- atlas:txmode none

-- create index "indexadd_mail_name" to table: "index_adds"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE INDEX CONCURRENTLY "indexadd_mail_name" ON "index_adds" (mail, name);
