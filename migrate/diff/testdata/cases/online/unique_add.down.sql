-- atlas:txmode none

-- drop index "unique_adds_name_key" from table: "unique_adds"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "unique_adds_name_key";
