-- modify "generated_offs" table
ALTER TABLE "generated_offs" DROP COLUMN "area";
ALTER TABLE "generated_offs" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
