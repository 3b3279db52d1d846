-- plinth:irreversible not brought back: which rows of column column_required_defaults.age held NULL before they got 18

-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" DROP DEFAULT;
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" DROP NOT NULL;
