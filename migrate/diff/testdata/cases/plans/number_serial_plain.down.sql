-- modify "number_serial_plains" table
CREATE SEQUENCE "number_serial_plains_id_seq" AS bigint OWNED BY "number_serial_plains"."id";
ALTER TABLE "number_serial_plains" ALTER COLUMN "id" SET DEFAULT nextval('"number_serial_plains_id_seq"');
SELECT setval(pg_get_serial_sequence('"number_serial_plains"', 'id'), greatest(1, max("id") + 1), false) FROM "number_serial_plains";
