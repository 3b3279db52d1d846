-- drop index "column_add_uniques_code_key" from table: "column_add_uniques"
DROP INDEX "column_add_uniques_code_key";
-- modify "column_add_uniques" table
ALTER TABLE "column_add_uniques" DROP COLUMN "code";
