-- drop index "column_drop_indexeds_code_key" from table: "column_drop_indexeds"
DROP INDEX "column_drop_indexeds_code_key";
-- modify "column_drop_indexeds" table
ALTER TABLE "column_drop_indexeds" DROP COLUMN "code";
