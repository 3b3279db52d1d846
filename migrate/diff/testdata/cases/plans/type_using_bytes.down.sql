-- modify "type_using_bytes" table
ALTER TABLE "type_using_bytes" ALTER COLUMN "v" TYPE bytea USING convert_to(v, 'UTF8');
