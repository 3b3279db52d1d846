-- modify "column_nullables" table
ALTER TABLE "column_nullables" ALTER COLUMN "age" DROP NOT NULL;
