-- drop "table_drops" table
DROP TABLE "table_drops";
