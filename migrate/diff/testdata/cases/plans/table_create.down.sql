-- drop "table_creates" table
DROP TABLE "table_creates";
