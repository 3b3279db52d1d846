-- modify "number_offs" table
ALTER TABLE "number_offs" ALTER COLUMN "id" DROP IDENTITY;
