-- create index "unique_adds_name_key" to table: "unique_adds"
CREATE UNIQUE INDEX "unique_adds_name_key" ON "unique_adds" (name);
