-- modify "generated_offs" table
ALTER TABLE "generated_offs" ALTER COLUMN "area" DROP EXPRESSION;
