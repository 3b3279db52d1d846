-- modify "generated_drops" table
ALTER TABLE "generated_drops" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
