-- modify "generated_sources" table
ALTER TABLE "generated_sources" DROP COLUMN "area";
ALTER TABLE "generated_sources" DROP COLUMN "width";
ALTER TABLE "generated_sources" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * 2)) STORED;
