-- modify "edge_self_couples" table
ALTER TABLE "edge_self_couples" ADD COLUMN "edge_self_couple_spouse" bigint;
-- create index "edge_self_couples_edge_self_couple_spouse_key" to table: "edge_self_couples"
CREATE UNIQUE INDEX "edge_self_couples_edge_self_couple_spouse_key" ON "edge_self_couples" (edge_self_couple_spouse);
-- modify "edge_self_couples" table
ALTER TABLE "edge_self_couples" ADD CONSTRAINT "edge_self_couples_edge_self_couples_spouse" FOREIGN KEY (edge_self_couple_spouse) REFERENCES edge_self_couples(id) ON DELETE SET NULL;
