-- plinth:objects constraint unique_deferrables.unique_deferrables_place_key

-- drop index "unique_deferrables_place_key" from table: "unique_deferrables"
DROP INDEX "unique_deferrables_place_key";
-- modify "unique_deferrables" table
ALTER TABLE "unique_deferrables" ADD CONSTRAINT "unique_deferrables_place_key" UNIQUE (place) DEFERRABLE INITIALLY DEFERRED;
