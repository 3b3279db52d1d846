-- drop index "uniqueimmediate_place_row" from table: "unique_immediates"
DROP INDEX "uniqueimmediate_place_row";
-- modify "unique_immediates" table
ALTER TABLE "unique_immediates" ADD CONSTRAINT "uniqueimmediate_place_row" UNIQUE (place, "row") DEFERRABLE;
