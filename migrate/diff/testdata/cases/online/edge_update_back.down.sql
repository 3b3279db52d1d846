-- file 1: <name>
-- modify "edge_update_back_parts" table
ALTER TABLE "edge_update_back_parts" VALIDATE CONSTRAINT "edge_update_back_parts_edge_update_backs_parts";
-- file 2: <name>_change
-- modify "edge_update_back_parts" table
ALTER TABLE "edge_update_back_parts" DROP CONSTRAINT "edge_update_back_parts_edge_update_backs_parts";
ALTER TABLE "edge_update_back_parts" ADD CONSTRAINT "edge_update_back_parts_edge_update_backs_parts" FOREIGN KEY (edge_update_back_parts) REFERENCES edge_update_backs(id) ON UPDATE CASCADE ON DELETE SET NULL NOT VALID;
-- file 3: <name>_finish
-- modify "edge_update_back_parts" table
ALTER TABLE "edge_update_back_parts" DROP CONSTRAINT "edge_update_back_parts_edge_update_backs_parts";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_update_back_parts" ADD CONSTRAINT "edge_update_back_parts_edge_update_backs_parts" FOREIGN KEY (edge_update_back_parts) REFERENCES edge_update_backs(id) ON DELETE SET NULL NOT VALID;
