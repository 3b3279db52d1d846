-- modify "check_drops" table
ALTER TABLE "check_drops" DROP CONSTRAINT "adult";
