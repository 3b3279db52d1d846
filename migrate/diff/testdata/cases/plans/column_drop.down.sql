-- plinth:irreversible not brought back: the data of column column_drops.age

-- modify "column_drops" table
ALTER TABLE "column_drops" ADD COLUMN "age" bigint;
