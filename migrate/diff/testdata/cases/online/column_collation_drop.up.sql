-- modify "column_collation_drops" table
ALTER TABLE "column_collation_drops" ALTER COLUMN "code" TYPE character varying;
