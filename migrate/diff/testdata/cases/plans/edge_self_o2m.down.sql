-- modify "edge_self_trees" table
ALTER TABLE "edge_self_trees" DROP CONSTRAINT "edge_self_trees_edge_self_trees_children";
ALTER TABLE "edge_self_trees" DROP COLUMN "edge_self_tree_children";
