-- atlas:txmode none

-- create index "unique_adds_name_key" to table: "unique_adds"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE UNIQUE INDEX CONCURRENTLY "unique_adds_name_key" ON "unique_adds" (name);
