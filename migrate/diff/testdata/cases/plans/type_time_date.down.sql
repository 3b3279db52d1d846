-- plinth:irreversible not brought back: what column type_time_dates.v held beyond date

-- modify "type_time_dates" table
ALTER TABLE "type_time_dates" ALTER COLUMN "v" TYPE timestamp without time zone;
