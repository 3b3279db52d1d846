-- modify "type_time_dates" table
ALTER TABLE "type_time_dates" ALTER COLUMN "v" TYPE date;
