-- modify "exclude_drops" table
ALTER TABLE "exclude_drops" DROP CONSTRAINT "apart";
