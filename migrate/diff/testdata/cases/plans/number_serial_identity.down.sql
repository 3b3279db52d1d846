-- modify "number_serial_identities" table
ALTER TABLE "number_serial_identities" ALTER COLUMN "id" DROP IDENTITY;
CREATE SEQUENCE "number_serial_identities_id_seq" AS bigint OWNED BY "number_serial_identities"."id";
ALTER TABLE "number_serial_identities" ALTER COLUMN "id" SET DEFAULT nextval('"number_serial_identities_id_seq"');
SELECT setval(pg_get_serial_sequence('"number_serial_identities"', 'id'), greatest(1, max("id") + 1), false) FROM "number_serial_identities";
