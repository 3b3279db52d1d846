-- modify "unique_deferrable_changes" table
ALTER TABLE "unique_deferrable_changes" DROP CONSTRAINT "seat";
ALTER TABLE "unique_deferrable_changes" ADD CONSTRAINT "seat" UNIQUE (place, "row") DEFERRABLE;
