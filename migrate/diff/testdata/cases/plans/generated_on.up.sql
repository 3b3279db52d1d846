-- modify "generated_ons" table
ALTER TABLE "generated_ons" DROP COLUMN "area";
ALTER TABLE "generated_ons" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
