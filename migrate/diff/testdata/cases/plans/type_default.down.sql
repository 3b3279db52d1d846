-- modify "type_defaults" table
ALTER TABLE "type_defaults" ALTER COLUMN "v" DROP DEFAULT;
ALTER TABLE "type_defaults" ALTER COLUMN "v" TYPE character varying;
ALTER TABLE "type_defaults" ALTER COLUMN "v" SET DEFAULT '1'::character varying;
