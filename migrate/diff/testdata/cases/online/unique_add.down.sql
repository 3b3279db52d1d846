-- atlas:txmode none

-- drop index "unique_adds_name_key" from table: "unique_adds"
DROP INDEX CONCURRENTLY "unique_adds_name_key";
