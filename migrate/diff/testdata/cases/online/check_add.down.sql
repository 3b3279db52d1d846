-- file 1: <name>
-- modify "check_adds" table
ALTER TABLE "check_adds" DROP CONSTRAINT "adult";
-- file 2: <name>_finish
-- modify "check_adds" table
ALTER TABLE "check_adds" DROP CONSTRAINT "adult";
ALTER TABLE "check_adds" ADD CONSTRAINT "adult" CHECK ((age >= 18)) NOT VALID;
