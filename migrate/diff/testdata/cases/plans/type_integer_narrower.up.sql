-- modify "type_integer_narrowers" table
ALTER TABLE "type_integer_narrowers" ALTER COLUMN "v" TYPE integer;
