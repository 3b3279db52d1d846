-- file 1: <name>
-- modify "check_drops" table
ALTER TABLE "check_drops" VALIDATE CONSTRAINT "adult";
-- file 2: <name>_finish
-- modify "check_drops" table
ALTER TABLE "check_drops" ADD CONSTRAINT "adult" CHECK ((age >= 21)) NOT VALID;
