-- file 1: <name>_index_uniqueimmediate_place_row
-- atlas:txmode none

-- drop index "uniqueimmediate_place_row_new" from table: "unique_immediates"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "uniqueimmediate_place_row_new";
-- file 2: <name>_key_uniqueimmediate_place_row
-- atlas:txmode none

-- create index "uniqueimmediate_place_row_old" to table: "unique_immediates"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; checked at once until the constraint takes it over; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "uniqueimmediate_place_row_old" ON "unique_immediates" (place, "row");
-- the index that has the name "uniqueimmediate_place_row" gives it up, in an instant
ALTER INDEX "uniqueimmediate_place_row" RENAME TO "uniqueimmediate_place_row_new";
-- "uniqueimmediate_place_row" takes over an index that is there, in an instant
ALTER TABLE "unique_immediates" ADD CONSTRAINT "uniqueimmediate_place_row" UNIQUE USING INDEX "uniqueimmediate_place_row_old" DEFERRABLE;
