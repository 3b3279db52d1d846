-- modify "column_default_exprs" table
ALTER TABLE "column_default_exprs" ALTER COLUMN "at" SET DEFAULT now();
