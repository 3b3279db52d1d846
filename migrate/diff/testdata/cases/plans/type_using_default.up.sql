-- modify "type_using_defaults" table
ALTER TABLE "type_using_defaults" ALTER COLUMN "v" DROP DEFAULT;
ALTER TABLE "type_using_defaults" ALTER COLUMN "v" TYPE boolean USING v <> 0;
ALTER TABLE "type_using_defaults" ALTER COLUMN "v" SET DEFAULT true;
