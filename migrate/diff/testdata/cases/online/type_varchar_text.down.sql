-- modify "type_varchar_texts" table
ALTER TABLE "type_varchar_texts" ALTER COLUMN "v" TYPE character varying;
