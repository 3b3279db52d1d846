-- modify "edge_self_couples" table
ALTER TABLE "edge_self_couples" DROP CONSTRAINT "edge_self_couples_edge_self_couples_spouse";
-- drop index "edge_self_couples_edge_self_couple_spouse_key" from table: "edge_self_couples"
DROP INDEX "edge_self_couples_edge_self_couple_spouse_key";
-- modify "edge_self_couples" table
ALTER TABLE "edge_self_couples" DROP COLUMN "edge_self_couple_spouse";
