-- modify "type_key_parts" table
ALTER TABLE "type_key_parts" DROP CONSTRAINT "type_key_parts_type_keys_parts";
ALTER TABLE "type_key_parts" ALTER COLUMN "type_key_parts" TYPE bigint;
-- modify "type_keys" table
ALTER TABLE "type_keys" ALTER COLUMN "id" TYPE bigint;
-- modify "type_key_parts" table
ALTER TABLE "type_key_parts" ADD CONSTRAINT "type_key_parts_type_keys_parts" FOREIGN KEY (type_key_parts) REFERENCES type_keys(id) ON DELETE SET NULL;
