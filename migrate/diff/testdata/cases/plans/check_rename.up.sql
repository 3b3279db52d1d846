-- modify "check_renames" table
ALTER TABLE "check_renames" RENAME CONSTRAINT "adult" TO "grown";
