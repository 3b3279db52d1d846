-- atlas:txmode none

-- drop index "unique_drops_name_key" from table: "unique_drops"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "unique_drops_name_key";
