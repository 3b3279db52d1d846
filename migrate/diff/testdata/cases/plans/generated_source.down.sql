-- plinth:irreversible not brought back: the data of column generated_sources.width

-- modify "generated_sources" table
ALTER TABLE "generated_sources" DROP COLUMN "area";
ALTER TABLE "generated_sources" ADD COLUMN "width" bigint NOT NULL DEFAULT 0;
ALTER TABLE "generated_sources" ALTER COLUMN "width" DROP DEFAULT;
ALTER TABLE "generated_sources" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
