-- file 1: <name>
-- modify "check_adds" table
ALTER TABLE "check_adds" ADD CONSTRAINT "adult" CHECK ((age >= 18)) NOT VALID;
-- file 2: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "check_adds" VALIDATE CONSTRAINT "adult";
