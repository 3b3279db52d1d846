-- modify "edge_self_trees" table
ALTER TABLE "edge_self_trees" ADD COLUMN "edge_self_tree_children" bigint;
ALTER TABLE "edge_self_trees" ADD CONSTRAINT "edge_self_trees_edge_self_trees_children" FOREIGN KEY (edge_self_tree_children) REFERENCES edge_self_trees(id) ON DELETE SET NULL;
