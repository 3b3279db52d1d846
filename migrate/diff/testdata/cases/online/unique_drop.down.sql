-- atlas:txmode none

-- create index "unique_drops_name_key" to table: "unique_drops"
CREATE UNIQUE INDEX CONCURRENTLY "unique_drops_name_key" ON "unique_drops" (name);
