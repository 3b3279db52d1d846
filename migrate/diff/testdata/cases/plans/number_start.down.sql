-- modify "number_starts" table
ALTER TABLE "number_starts" ALTER COLUMN "id" SET START WITH 1;
SELECT setval(pg_get_serial_sequence('"number_starts"', 'id'), greatest(1, max("id") + 1, nextval(pg_get_serial_sequence('"number_starts"', 'id'))), false) FROM "number_starts";
