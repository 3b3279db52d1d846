-- file 1: <name>
-- modify "column_add_uniques" table
ALTER TABLE "column_add_uniques" DROP COLUMN "code";
-- file 2: <name>_index_column_add_uniques_code_key
-- atlas:txmode none

-- drop index "column_add_uniques_code_key" from table: "column_add_uniques"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "column_add_uniques_code_key";
