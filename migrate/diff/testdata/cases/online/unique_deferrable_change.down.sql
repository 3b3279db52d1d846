-- file 1: <name>_index_seat
-- atlas:txmode none

-- drop index "seat_new" from table: "unique_deferrable_changes"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "seat_new";
-- file 2: <name>_key_seat
-- atlas:txmode none

-- create index "seat_new" to table: "unique_deferrable_changes"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; checked at once until the constraint takes it over; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "seat_new" ON "unique_deferrable_changes" (place, "row", level);
-- create index "seat_old" to table: "unique_deferrable_changes"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; checked at once until the constraint takes it over; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "seat_old" ON "unique_deferrable_changes" (place, "row");
-- "seat" takes over an index that is there, in an instant
ALTER TABLE "unique_deferrable_changes" DROP CONSTRAINT "seat", ADD CONSTRAINT "seat" UNIQUE USING INDEX "seat_old" DEFERRABLE;
