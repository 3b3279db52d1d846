-- plinth:objects-dropped constraint unique_immediates.uniqueimmediate_place_row

-- modify "unique_immediates" table
ALTER TABLE "unique_immediates" DROP CONSTRAINT "uniqueimmediate_place_row";
-- create index "uniqueimmediate_place_row" to table: "unique_immediates"
CREATE UNIQUE INDEX "uniqueimmediate_place_row" ON "unique_immediates" (place, "row");
