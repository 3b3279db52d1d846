-- file 1: <name>
-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" DROP COLUMN "token";
-- file 2: <name>_fill_column_add_default_exprs_token
-- file 3: <name>_require
-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" DROP CONSTRAINT "column_add_default_exprs_token_not_null";
-- file 4: <name>_finish
-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" ALTER COLUMN "token" DROP NOT NULL;
ALTER TABLE "column_add_default_exprs" ADD CONSTRAINT "column_add_default_exprs_token_not_null" CHECK ((token IS NOT NULL)) NOT VALID;
