-- modify "type_usings" table
ALTER TABLE "type_usings" ALTER COLUMN "v" TYPE bigint USING v::integer;
