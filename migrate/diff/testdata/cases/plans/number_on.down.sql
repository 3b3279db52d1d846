-- modify "number_ons" table
ALTER TABLE "number_ons" ALTER COLUMN "id" DROP IDENTITY;
