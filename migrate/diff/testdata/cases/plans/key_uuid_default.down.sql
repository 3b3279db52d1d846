-- modify "key_uuid_defaults" table
ALTER TABLE "key_uuid_defaults" ALTER COLUMN "id" DROP DEFAULT;
