-- modify "column_adds" table
ALTER TABLE "column_adds" DROP COLUMN "age";
