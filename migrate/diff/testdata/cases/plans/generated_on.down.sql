-- plinth:irreversible not brought back: the data of column generated_ons.area

-- modify "generated_ons" table
ALTER TABLE "generated_ons" ALTER COLUMN "area" DROP EXPRESSION;
