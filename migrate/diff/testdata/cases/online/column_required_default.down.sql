-- file 1: <name>
-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" DROP DEFAULT;
-- file 2: <name>_fill_column_required_defaults_age
-- plinth:irreversible not brought back: which rows of column column_required_defaults.age held NULL before they got 18

-- file 3: <name>_require
-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" DROP CONSTRAINT "column_required_defaults_age_not_null";
-- file 4: <name>_finish
-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" DROP NOT NULL;
ALTER TABLE "column_required_defaults" ADD CONSTRAINT "column_required_defaults_age_not_null" CHECK ((age IS NOT NULL)) NOT VALID;
