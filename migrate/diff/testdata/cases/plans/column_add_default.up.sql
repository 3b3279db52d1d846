-- modify "column_add_defaults" table
ALTER TABLE "column_add_defaults" ADD COLUMN "age" bigint NOT NULL DEFAULT 18;
