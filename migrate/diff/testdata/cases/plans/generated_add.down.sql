-- modify "generated_adds" table
ALTER TABLE "generated_adds" DROP COLUMN "area";
