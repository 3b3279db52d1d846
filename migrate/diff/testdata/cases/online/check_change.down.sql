-- file 1: <name>
-- modify "check_changes" table
ALTER TABLE "check_changes" DROP CONSTRAINT "adult";
ALTER TABLE "check_changes" ADD CONSTRAINT "adult" CHECK ((age >= 21));
-- file 2: <name>_finish
-- modify "check_changes" table
ALTER TABLE "check_changes" DROP CONSTRAINT "adult";
ALTER TABLE "check_changes" ADD CONSTRAINT "adult" CHECK ((age >= 18)) NOT VALID;
