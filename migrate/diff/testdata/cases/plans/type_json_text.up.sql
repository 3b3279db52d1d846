-- modify "type_json_texts" table
ALTER TABLE "type_json_texts" ALTER COLUMN "v" TYPE text;
