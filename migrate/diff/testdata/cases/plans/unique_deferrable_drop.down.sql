-- modify "unique_deferrable_drops" table
ALTER TABLE "unique_deferrable_drops" ADD CONSTRAINT "unique_deferrable_drops_place_key" UNIQUE (place) DEFERRABLE INITIALLY DEFERRED;
