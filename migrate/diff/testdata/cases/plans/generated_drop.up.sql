-- modify "generated_drops" table
ALTER TABLE "generated_drops" DROP COLUMN "area";
