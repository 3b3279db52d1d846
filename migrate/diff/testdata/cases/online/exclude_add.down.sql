-- modify "exclude_adds" table
ALTER TABLE "exclude_adds" DROP CONSTRAINT "apart";
