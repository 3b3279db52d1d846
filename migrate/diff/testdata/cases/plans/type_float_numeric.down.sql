-- plinth:irreversible not brought back: what column type_float_numerics.v held beyond numeric(8,2)

-- modify "type_float_numerics" table
ALTER TABLE "type_float_numerics" ALTER COLUMN "v" TYPE double precision;
