-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" DROP COLUMN "token";
