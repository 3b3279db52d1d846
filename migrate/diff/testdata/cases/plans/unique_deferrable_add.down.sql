-- modify "unique_deferrable_adds" table
ALTER TABLE "unique_deferrable_adds" DROP CONSTRAINT "unique_deferrable_adds_place_key";
