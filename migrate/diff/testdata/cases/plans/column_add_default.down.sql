-- modify "column_add_defaults" table
ALTER TABLE "column_add_defaults" DROP COLUMN "age";
