-- plinth:objects constraint unique_deferrable_adds.unique_deferrable_adds_place_key

-- modify "unique_deferrable_adds" table
ALTER TABLE "unique_deferrable_adds" ADD CONSTRAINT "unique_deferrable_adds_place_key" UNIQUE (place) DEFERRABLE;
