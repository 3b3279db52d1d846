-- atlas:txmode none

-- create index "unique_drops_name_key" to table: "unique_drops"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
CREATE UNIQUE INDEX CONCURRENTLY "unique_drops_name_key" ON "unique_drops" (name);
