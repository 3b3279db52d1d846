-- modify "number_serial_plains" table
ALTER TABLE "number_serial_plains" ALTER COLUMN "id" DROP DEFAULT;
DROP SEQUENCE "number_serial_plains_id_seq";
