-- plinth:objects-dropped constraint unique_deferrable_drops.unique_deferrable_drops_place_key

-- modify "unique_deferrable_drops" table
ALTER TABLE "unique_deferrable_drops" DROP CONSTRAINT "unique_deferrable_drops_place_key";
