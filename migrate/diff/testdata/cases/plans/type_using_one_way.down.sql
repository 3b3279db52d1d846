-- plinth:irreversible PostgreSQL has no conversion of column type_using_one_ways.v from boolean back to bigint, so that it fails on rows whose text does not read as one; plinth.Using takes one as its second expression

-- modify "type_using_one_ways" table
ALTER TABLE "type_using_one_ways" ALTER COLUMN "v" TYPE bigint USING "v"::text::bigint;
