-- modify "type_integer_widers" table
ALTER TABLE "type_integer_widers" ALTER COLUMN "v" TYPE integer;
