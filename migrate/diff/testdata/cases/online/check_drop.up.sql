-- file 1: <name>
-- modify "check_drops" table
ALTER TABLE "check_drops" DROP CONSTRAINT "adult";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "check_drops" ADD CONSTRAINT "adult" CHECK ((age >= 21)) NOT VALID;
-- file 2: <name>_finish
-- modify "check_drops" table
ALTER TABLE "check_drops" DROP CONSTRAINT "adult";
