-- file 1: <name>_index_unique_deferrable_adds_place_key
-- atlas:txmode none

-- create index "unique_deferrable_adds_place_key_new" to table: "unique_deferrable_adds"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; checked at once until the constraint takes it over
CREATE UNIQUE INDEX CONCURRENTLY "unique_deferrable_adds_place_key_new" ON "unique_deferrable_adds" (place);
-- file 2: <name>_key_unique_deferrable_adds_place_key
-- plinth:objects constraint unique_deferrable_adds.unique_deferrable_adds_place_key

-- "unique_deferrable_adds_place_key" takes over an index that is there, in an instant
ALTER TABLE "unique_deferrable_adds" ADD CONSTRAINT "unique_deferrable_adds_place_key" UNIQUE USING INDEX "unique_deferrable_adds_place_key_new" DEFERRABLE;
