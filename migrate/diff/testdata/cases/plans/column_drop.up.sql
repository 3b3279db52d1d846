-- modify "column_drops" table
ALTER TABLE "column_drops" DROP COLUMN "age";
