-- file 1: <name>
-- modify "key_pairs" table
ALTER TABLE "key_pairs" DROP CONSTRAINT "key_pairs_pkey";
ALTER TABLE "key_pairs" DROP COLUMN "id";
ALTER TABLE "key_pairs" ADD CONSTRAINT "key_pairs_pkey" PRIMARY KEY (club_id, guest_id);
-- file 2: <name>_drop_keypair_club_id_guest_id
-- atlas:txmode none

-- drop index "keypair_club_id_guest_id" from table: "key_pairs"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "keypair_club_id_guest_id";
