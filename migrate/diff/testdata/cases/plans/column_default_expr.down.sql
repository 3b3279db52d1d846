-- modify "column_default_exprs" table
ALTER TABLE "column_default_exprs" ALTER COLUMN "at" SET DEFAULT '2026-01-01'::date;
