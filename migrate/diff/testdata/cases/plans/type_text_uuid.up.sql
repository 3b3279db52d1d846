-- modify "type_text_uuids" table
ALTER TABLE "type_text_uuids" ALTER COLUMN "v" TYPE uuid USING "v"::uuid;
