-- file 1: <name>
-- modify "edge_deferrable_action_parts" table
ALTER TABLE "edge_deferrable_action_parts" DROP CONSTRAINT "edge_deferrable_action_parts_edge_deferrable_actions_parts";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_deferrable_action_parts" ADD CONSTRAINT "edge_deferrable_action_parts_edge_deferrable_actions_parts" FOREIGN KEY (edge_deferrable_action_parts) REFERENCES edge_deferrable_actions(id) ON DELETE SET NULL NOT VALID;
-- file 2: <name>_change
-- plinth:objects constraint edge_deferrable_action_parts.edge_deferrable_action_parts_edge_deferrable_actions_parts

-- modify "edge_deferrable_action_parts" table
ALTER TABLE "edge_deferrable_action_parts" DROP CONSTRAINT "edge_deferrable_action_parts_edge_deferrable_actions_parts";
ALTER TABLE "edge_deferrable_action_parts" ADD CONSTRAINT "edge_deferrable_action_parts_edge_deferrable_actions_parts" FOREIGN KEY (edge_deferrable_action_parts) REFERENCES edge_deferrable_actions(id) ON DELETE CASCADE DEFERRABLE NOT VALID;
-- file 3: <name>_finish
-- plinth:objects constraint edge_deferrable_action_parts.edge_deferrable_action_parts_edge_deferrable_actions_parts

-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_deferrable_action_parts" VALIDATE CONSTRAINT "edge_deferrable_action_parts_edge_deferrable_actions_parts";
