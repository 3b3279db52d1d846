-- modify "exclude_changes" table
ALTER TABLE "exclude_changes" DROP CONSTRAINT "apart";
ALTER TABLE "exclude_changes" ADD CONSTRAINT "apart" EXCLUDE USING gist (int8range(low, high) WITH &&);
