-- modify "type_using_one_ways" table
ALTER TABLE "type_using_one_ways" ALTER COLUMN "v" TYPE boolean USING v <> 0;
