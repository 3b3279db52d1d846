-- modify "column_add_uniques" table
ALTER TABLE "column_add_uniques" ADD COLUMN "code" character varying;
-- create index "column_add_uniques_code_key" to table: "column_add_uniques"
CREATE UNIQUE INDEX "column_add_uniques_code_key" ON "column_add_uniques" (code);
