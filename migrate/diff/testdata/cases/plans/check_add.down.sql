-- modify "check_adds" table
ALTER TABLE "check_adds" DROP CONSTRAINT "adult";
