-- modify "column_required_defaults" table
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" DROP DEFAULT;
ALTER TABLE "column_required_defaults" ALTER COLUMN "age" DROP NOT NULL;
