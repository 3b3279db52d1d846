-- modify "generated_adds" table
ALTER TABLE "generated_adds" ADD COLUMN "area" bigint GENERATED ALWAYS AS ((height * width)) STORED;
