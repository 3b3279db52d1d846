-- file 1: <name>
-- modify "edge_delete_no_action_parts" table
ALTER TABLE "edge_delete_no_action_parts" VALIDATE CONSTRAINT "edge_delete_no_action_parts_edge_delete_no_actions_parts";
-- file 2: <name>_change
-- modify "edge_delete_no_action_parts" table
ALTER TABLE "edge_delete_no_action_parts" DROP CONSTRAINT "edge_delete_no_action_parts_edge_delete_no_actions_parts";
ALTER TABLE "edge_delete_no_action_parts" ADD CONSTRAINT "edge_delete_no_action_parts_edge_delete_no_actions_parts" FOREIGN KEY (edge_delete_no_action_parts) REFERENCES edge_delete_no_actions(id) ON DELETE CASCADE NOT VALID;
-- file 3: <name>_finish
-- modify "edge_delete_no_action_parts" table
ALTER TABLE "edge_delete_no_action_parts" DROP CONSTRAINT "edge_delete_no_action_parts_edge_delete_no_actions_parts";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_delete_no_action_parts" ADD CONSTRAINT "edge_delete_no_action_parts_edge_delete_no_actions_parts" FOREIGN KEY (edge_delete_no_action_parts) REFERENCES edge_delete_no_actions(id) NOT VALID;
