-- file 1: <name>
-- modify "edge_self_trees" table
ALTER TABLE "edge_self_trees" ADD COLUMN "edge_self_tree_children" bigint;
ALTER TABLE "edge_self_trees" ADD CONSTRAINT "edge_self_trees_edge_self_trees_children" FOREIGN KEY (edge_self_tree_children) REFERENCES edge_self_trees(id) ON DELETE SET NULL NOT VALID;
-- file 2: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_self_trees" VALIDATE CONSTRAINT "edge_self_trees_edge_self_trees_children";
