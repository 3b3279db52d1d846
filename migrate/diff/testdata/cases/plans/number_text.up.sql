-- modify "number_texts" table
ALTER TABLE "number_texts" ALTER COLUMN "id" DROP IDENTITY;
ALTER TABLE "number_texts" ALTER COLUMN "id" TYPE character varying;
