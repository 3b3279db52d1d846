-- modify "column_collation_adds" table
ALTER TABLE "column_collation_adds" ALTER COLUMN "code" TYPE character varying;
