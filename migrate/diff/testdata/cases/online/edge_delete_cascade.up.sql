-- file 1: <name>
-- modify "edge_delete_cascade_parts" table
ALTER TABLE "edge_delete_cascade_parts" DROP CONSTRAINT "edge_delete_cascade_parts_edge_delete_cascades_parts";
-- it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on
ALTER TABLE "edge_delete_cascade_parts" ADD CONSTRAINT "edge_delete_cascade_parts_edge_delete_cascades_parts" FOREIGN KEY (edge_delete_cascade_parts) REFERENCES edge_delete_cascades(id) NOT VALID;
-- file 2: <name>_change
-- modify "edge_delete_cascade_parts" table
ALTER TABLE "edge_delete_cascade_parts" DROP CONSTRAINT "edge_delete_cascade_parts_edge_delete_cascades_parts";
ALTER TABLE "edge_delete_cascade_parts" ADD CONSTRAINT "edge_delete_cascade_parts_edge_delete_cascades_parts" FOREIGN KEY (edge_delete_cascade_parts) REFERENCES edge_delete_cascades(id) ON DELETE CASCADE NOT VALID;
-- file 3: <name>_finish
-- read the rows while readers and writers go on (ShareUpdateExclusiveLock); in a file of its own, so that no other lock is held meanwhile
ALTER TABLE "edge_delete_cascade_parts" VALIDATE CONSTRAINT "edge_delete_cascade_parts_edge_delete_cascades_parts";
