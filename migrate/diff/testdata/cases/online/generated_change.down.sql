-- drop index "generatedchange_area" from table: "generated_changes"
DROP INDEX "generatedchange_area";
-- modify "generated_changes" table
ALTER TABLE "generated_changes" DROP COLUMN "area";
ALTER TABLE "generated_changes" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
-- create index "generatedchange_area" to table: "generated_changes"
CREATE INDEX "generatedchange_area" ON "generated_changes" (area);
