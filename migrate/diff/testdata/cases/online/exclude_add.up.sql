-- plinth:objects constraint exclude_adds.apart

-- modify "exclude_adds" table
ALTER TABLE "exclude_adds" ADD CONSTRAINT "apart" EXCLUDE USING gist (int8range(low, high) WITH &&);
