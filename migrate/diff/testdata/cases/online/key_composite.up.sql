-- file 1: <name>_index_key_pairs_pkey
-- atlas:txmode none

-- create index "key_pairs_pkey_new" to table: "key_pairs"; CONCURRENTLY, so that writers go on, which cannot run in a transaction; until it is built, an upsert (ON CONFLICT) may fail on it with SQLSTATE 23505 and is to be tried again
CREATE UNIQUE INDEX CONCURRENTLY "key_pairs_pkey_new" ON "key_pairs" (club_id, guest_id);
-- file 2: <name>_key_key_pairs_pkey
-- "key_pairs_pkey" takes over an index that is there, in an instant
ALTER TABLE "key_pairs" DROP CONSTRAINT "key_pairs_pkey", ADD CONSTRAINT "key_pairs_pkey" PRIMARY KEY USING INDEX "key_pairs_pkey_new";
-- file 3: <name>_drop_keypair_club_id_guest_id
-- atlas:txmode none

-- drop index "keypair_club_id_guest_id" from table: "key_pairs"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "keypair_club_id_guest_id";
-- file 4: <name>_rest
-- modify "key_pairs" table
ALTER TABLE "key_pairs" DROP COLUMN "id";
