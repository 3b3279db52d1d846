-- modify "column_adds" table
ALTER TABLE "column_adds" ADD COLUMN "age" bigint;
