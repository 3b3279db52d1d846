-- modify "check_drops" table
ALTER TABLE "check_drops" ADD CONSTRAINT "adult" CHECK ((age >= 21));
