-- modify "check_changes" table
ALTER TABLE "check_changes" DROP CONSTRAINT "adult";
ALTER TABLE "check_changes" ADD CONSTRAINT "adult" CHECK ((age >= 21));
