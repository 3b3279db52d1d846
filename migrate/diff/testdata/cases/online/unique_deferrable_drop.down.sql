-- atlas:txmode none

-- create index "unique_deferrable_drops_place_key" to table: "unique_deferrable_drops"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; checked at once until the constraint takes it over
CREATE UNIQUE INDEX CONCURRENTLY "unique_deferrable_drops_place_key" ON "unique_deferrable_drops" (place);
-- "unique_deferrable_drops_place_key" takes over an index that is there, in an instant
ALTER TABLE "unique_deferrable_drops" ADD CONSTRAINT "unique_deferrable_drops_place_key" UNIQUE USING INDEX "unique_deferrable_drops_place_key" DEFERRABLE INITIALLY DEFERRED;
