-- plinth:objects-dropped constraint exclude_drops.apart

-- modify "exclude_drops" table
ALTER TABLE "exclude_drops" DROP CONSTRAINT "apart";
