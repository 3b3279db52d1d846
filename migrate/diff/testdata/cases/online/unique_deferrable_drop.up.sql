-- plinth:objects-dropped constraint unique_deferrable_drops.unique_deferrable_drops_place_key

-- "unique_deferrable_drops_place_key" goes with its index, in an instant
ALTER TABLE "unique_deferrable_drops" DROP CONSTRAINT "unique_deferrable_drops_place_key";
