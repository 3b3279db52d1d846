-- plinth:irreversible not brought back: the data of column column_drop_requireds.age

-- modify "column_drop_requireds" table
ALTER TABLE "column_drop_requireds" ADD COLUMN "age" bigint NOT NULL DEFAULT 0;
ALTER TABLE "column_drop_requireds" ALTER COLUMN "age" DROP DEFAULT;
