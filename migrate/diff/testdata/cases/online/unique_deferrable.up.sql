-- file 1: <name>_index_unique_deferrables_place_key
-- atlas:txmode none

-- create index "unique_deferrables_place_key_new" to table: "unique_deferrables"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; checked at once until the constraint takes it over; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "unique_deferrables_place_key_new" ON "unique_deferrables" (place);
-- file 2: <name>_key_unique_deferrables_place_key
-- plinth:objects constraint unique_deferrables.unique_deferrables_place_key

-- the index that has the name "unique_deferrables_place_key" gives it up, in an instant
ALTER INDEX "unique_deferrables_place_key" RENAME TO "unique_deferrables_place_key_old";
-- "unique_deferrables_place_key" takes over an index that is there, in an instant
ALTER TABLE "unique_deferrables" ADD CONSTRAINT "unique_deferrables_place_key" UNIQUE USING INDEX "unique_deferrables_place_key_new" DEFERRABLE INITIALLY DEFERRED;
-- file 3: <name>_drop_unique_deferrables_place_key_old
-- atlas:txmode none

-- drop index "unique_deferrables_place_key_old" from table: "unique_deferrables"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "unique_deferrables_place_key_old";
