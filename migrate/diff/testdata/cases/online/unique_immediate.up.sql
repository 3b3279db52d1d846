-- file 1: <name>_index_uniqueimmediate_place_row
-- atlas:txmode none

-- create index "uniqueimmediate_place_row_new" to table: "unique_immediates"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "uniqueimmediate_place_row_new" ON "unique_immediates" (place, "row");
-- file 2: <name>_key_uniqueimmediate_place_row
-- plinth:objects-dropped constraint unique_immediates.uniqueimmediate_place_row

-- an index takes the name "uniqueimmediate_place_row", in an instant
ALTER TABLE "unique_immediates" DROP CONSTRAINT "uniqueimmediate_place_row";
ALTER INDEX "uniqueimmediate_place_row_new" RENAME TO "uniqueimmediate_place_row";
