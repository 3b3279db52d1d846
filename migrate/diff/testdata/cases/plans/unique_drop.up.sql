-- drop index "unique_drops_name_key" from table: "unique_drops"
DROP INDEX "unique_drops_name_key";
