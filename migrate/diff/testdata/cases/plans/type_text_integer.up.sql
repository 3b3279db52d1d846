-- modify "type_text_integers" table
ALTER TABLE "type_text_integers" ALTER COLUMN "v" TYPE bigint USING "v"::bigint;
