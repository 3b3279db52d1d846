-- modify "column_default_adds" table
ALTER TABLE "column_default_adds" ALTER COLUMN "age" DROP DEFAULT;
