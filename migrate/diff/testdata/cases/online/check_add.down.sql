-- file 1: <name>
-- modify "check_adds" table
ALTER TABLE "check_adds" DROP CONSTRAINT "adult";
-- file 2: <name>_finish
-- modify "check_adds" table
ALTER TABLE "check_adds" DROP CONSTRAINT "adult";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "check_adds" ADD CONSTRAINT "adult" CHECK ((age >= 18)) NOT VALID;
