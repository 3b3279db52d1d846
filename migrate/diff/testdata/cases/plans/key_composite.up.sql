-- drop index "keypair_club_id_guest_id" from table: "key_pairs"
DROP INDEX "keypair_club_id_guest_id";
-- modify "key_pairs" table
ALTER TABLE "key_pairs" DROP CONSTRAINT "key_pairs_pkey";
ALTER TABLE "key_pairs" DROP COLUMN "id";
ALTER TABLE "key_pairs" ADD CONSTRAINT "key_pairs_pkey" PRIMARY KEY (club_id, guest_id);
