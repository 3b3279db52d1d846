-- file 1: <name>
-- modify "check_changes" table
ALTER TABLE "check_changes" DROP CONSTRAINT "adult";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "check_changes" ADD CONSTRAINT "adult" CHECK ((age >= 21)) NOT VALID;
-- file 2: <name>_change
-- modify "check_changes" table
ALTER TABLE "check_changes" DROP CONSTRAINT "adult";
ALTER TABLE "check_changes" ADD CONSTRAINT "adult" CHECK ((age >= 18)) NOT VALID;
-- file 3: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "check_changes" VALIDATE CONSTRAINT "adult";
