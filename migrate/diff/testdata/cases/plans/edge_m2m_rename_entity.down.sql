-- modify "edge_new_members" table
ALTER TABLE "edge_new_members" RENAME CONSTRAINT "edge_new_members_pkey" TO "edge_old_members_pkey";
-- modify "edge_new_clubs" table
ALTER TABLE "edge_new_clubs" RENAME CONSTRAINT "edge_new_clubs_pkey" TO "edge_old_clubs_pkey";
-- modify "edge_new_club_members" table
ALTER TABLE "edge_new_club_members" RENAME CONSTRAINT "edge_new_club_members_pkey" TO "edge_old_club_members_pkey";
ALTER TABLE "edge_new_club_members" RENAME CONSTRAINT "edge_new_club_members_edge_new_member_id" TO "edge_old_club_members_edge_old_member_id";
ALTER TABLE "edge_new_club_members" RENAME CONSTRAINT "edge_new_club_members_edge_new_club_id" TO "edge_old_club_members_edge_old_club_id";
-- modify "edge_new_members" table
ALTER SEQUENCE "edge_new_members_id_seq" RENAME TO "edge_old_members_id_seq";
-- modify "edge_new_clubs" table
ALTER SEQUENCE "edge_new_clubs_id_seq" RENAME TO "edge_old_clubs_id_seq";
-- modify "edge_new_club_members" table
ALTER TABLE "edge_new_club_members" RENAME COLUMN "edge_new_member_id" TO "edge_old_member_id";
ALTER TABLE "edge_new_club_members" RENAME COLUMN "edge_new_club_id" TO "edge_old_club_id";
-- rename "edge_old_club_members" table
ALTER TABLE "edge_new_club_members" RENAME TO "edge_old_club_members";
-- rename "edge_old_members" table
ALTER TABLE "edge_new_members" RENAME TO "edge_old_members";
-- rename "edge_old_clubs" table
ALTER TABLE "edge_new_clubs" RENAME TO "edge_old_clubs";
