-- modify "generated_lists" table
ALTER TABLE "generated_lists" DROP COLUMN "small";
