-- drop index "unique_adds_name_key" from table: "unique_adds"
DROP INDEX "unique_adds_name_key";
