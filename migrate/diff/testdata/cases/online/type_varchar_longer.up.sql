-- modify "type_varchar_longers" table
ALTER TABLE "type_varchar_longers" ALTER COLUMN "v" TYPE character varying(9);
