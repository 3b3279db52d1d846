-- modify "number_identity_serials" table
ALTER TABLE "number_identity_serials" ALTER COLUMN "id" DROP IDENTITY;
CREATE SEQUENCE "number_identity_serials_id_seq" AS bigint OWNED BY "number_identity_serials"."id";
ALTER TABLE "number_identity_serials" ALTER COLUMN "id" SET DEFAULT nextval('"number_identity_serials_id_seq"');
SELECT setval(pg_get_serial_sequence('"number_identity_serials"', 'id'), greatest(1, max("id") + 1), false) FROM "number_identity_serials";
