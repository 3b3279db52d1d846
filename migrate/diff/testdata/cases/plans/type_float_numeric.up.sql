-- modify "type_float_numerics" table
ALTER TABLE "type_float_numerics" ALTER COLUMN "v" TYPE numeric(8,2);
