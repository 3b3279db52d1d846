-- modify "type_using_defaults" table
ALTER TABLE "type_using_defaults" ALTER COLUMN "v" DROP DEFAULT;
ALTER TABLE "type_using_defaults" ALTER COLUMN "v" TYPE bigint USING v::integer;
ALTER TABLE "type_using_defaults" ALTER COLUMN "v" SET DEFAULT 1;
