-- modify "type_varchar_shorters" table
ALTER TABLE "type_varchar_shorters" ALTER COLUMN "v" TYPE character varying(5);
