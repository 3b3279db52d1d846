-- file 1: <name>
-- modify "edge_self_trees" table
ALTER TABLE "edge_self_trees" DROP CONSTRAINT "edge_self_trees_edge_self_trees_children";
ALTER TABLE "edge_self_trees" DROP COLUMN "edge_self_tree_children";
-- file 2: <name>_finish
-- modify "edge_self_trees" table
ALTER TABLE "edge_self_trees" DROP CONSTRAINT "edge_self_trees_edge_self_trees_children";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_self_trees" ADD CONSTRAINT "edge_self_trees_edge_self_trees_children" FOREIGN KEY (edge_self_tree_children) REFERENCES edge_self_trees(id) ON DELETE SET NULL NOT VALID;
