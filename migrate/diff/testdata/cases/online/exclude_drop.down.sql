-- modify "exclude_drops" table
ALTER TABLE "exclude_drops" ADD CONSTRAINT "apart" EXCLUDE USING gist (int8range(low, high) WITH &&);
