-- modify "check_adds" table
ALTER TABLE "check_adds" ADD CONSTRAINT "adult" CHECK ((age >= 18));
