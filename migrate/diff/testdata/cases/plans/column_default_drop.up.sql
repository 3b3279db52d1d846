-- modify "column_default_drops" table
ALTER TABLE "column_default_drops" ALTER COLUMN "age" DROP DEFAULT;
