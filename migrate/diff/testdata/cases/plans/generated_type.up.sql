-- modify "generated_types" table
ALTER TABLE "generated_types" DROP COLUMN "area";
ALTER TABLE "generated_types" ALTER COLUMN "height" TYPE integer;
ALTER TABLE "generated_types" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
