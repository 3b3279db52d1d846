-- modify "type_integer_texts" table
ALTER TABLE "type_integer_texts" ALTER COLUMN "v" TYPE character varying;
