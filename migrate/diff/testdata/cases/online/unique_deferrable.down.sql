-- modify "unique_deferrables" table
ALTER TABLE "unique_deferrables" DROP CONSTRAINT "unique_deferrables_place_key";
-- create index "unique_deferrables_place_key" to table: "unique_deferrables"
CREATE UNIQUE INDEX "unique_deferrables_place_key" ON "unique_deferrables" (place);
