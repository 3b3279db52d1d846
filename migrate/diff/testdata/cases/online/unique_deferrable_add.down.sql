-- file 1: <name>_index_unique_deferrable_adds_place_key
-- atlas:txmode none

-- drop index "unique_deferrable_adds_place_key_new" from table: "unique_deferrable_adds"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "unique_deferrable_adds_place_key_new";
-- file 2: <name>_key_unique_deferrable_adds_place_key
-- atlas:txmode none

-- create index "unique_deferrable_adds_place_key_new" to table: "unique_deferrable_adds"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; checked at once until the constraint takes it over; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "unique_deferrable_adds_place_key_new" ON "unique_deferrable_adds" (place);
-- "unique_deferrable_adds_place_key" goes with its index, in an instant
ALTER TABLE "unique_deferrable_adds" DROP CONSTRAINT "unique_deferrable_adds_place_key";
