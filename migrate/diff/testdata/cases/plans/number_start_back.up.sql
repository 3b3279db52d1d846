-- modify "number_start_backs" table
ALTER TABLE "number_start_backs" ALTER COLUMN "id" SET START WITH 1;
SELECT setval(pg_get_serial_sequence('"number_start_backs"', 'id'), greatest(1, max("id") + 1, nextval(pg_get_serial_sequence('"number_start_backs"', 'id'))), false) FROM "number_start_backs";
