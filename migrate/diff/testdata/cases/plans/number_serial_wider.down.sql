-- modify "number_serial_widers" table
ALTER TABLE "number_serial_widers" ALTER COLUMN "id" TYPE integer;
ALTER SEQUENCE "number_serial_widers_id_seq" AS integer;
