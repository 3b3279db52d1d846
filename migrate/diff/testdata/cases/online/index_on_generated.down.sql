-- drop index "indexongenerated_area_height" from table: "index_on_generateds"
DROP INDEX "indexongenerated_area_height";
-- modify "index_on_generateds" table
ALTER TABLE "index_on_generateds" DROP COLUMN "area";
ALTER TABLE "index_on_generateds" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
-- create index "indexongenerated_area_height" to table: "index_on_generateds"
CREATE UNIQUE INDEX "indexongenerated_area_height" ON "index_on_generateds" (area, height);
