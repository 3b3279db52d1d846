-- modify "column_drop_requireds" table
ALTER TABLE "column_drop_requireds" DROP COLUMN "age";
