-- modify "key_uuid_defaults" table
ALTER TABLE "key_uuid_defaults" ALTER COLUMN "id" SET DEFAULT gen_random_uuid();
