-- file 1: <name>
-- modify "column_add_uniques" table
ALTER TABLE "column_add_uniques" ADD COLUMN "code" character varying;
-- file 2: <name>_index_column_add_uniques_code_key
-- atlas:txmode none

-- create index "column_add_uniques_code_key" to table: "column_add_uniques"; CONCURRENTLY, so that writers go on, which cannot run in a transaction
CREATE UNIQUE INDEX CONCURRENTLY "column_add_uniques_code_key" ON "column_add_uniques" (code);
