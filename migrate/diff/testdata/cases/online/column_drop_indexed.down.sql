-- plinth:irreversible not brought back: the data of column column_drop_indexeds.code

-- modify "column_drop_indexeds" table
ALTER TABLE "column_drop_indexeds" ADD COLUMN "code" character varying NOT NULL DEFAULT gen_random_uuid()::text;
ALTER TABLE "column_drop_indexeds" ALTER COLUMN "code" DROP DEFAULT;
-- create index "column_drop_indexeds_code_key" to table: "column_drop_indexeds"
CREATE UNIQUE INDEX "column_drop_indexeds_code_key" ON "column_drop_indexeds" (code);
