-- modify "type_using_bytes" table
ALTER TABLE "type_using_bytes" ALTER COLUMN "v" TYPE text USING convert_from(v, 'UTF8');
