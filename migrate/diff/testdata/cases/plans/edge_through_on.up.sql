-- modify "edge_schema_club_members" table
ALTER TABLE "edge_schema_club_members" RENAME CONSTRAINT "edge_schema_club_members_edge_schema_club_id" TO "edge_schema_club_members_edge_schema_clubs_club";
ALTER TABLE "edge_schema_club_members" RENAME CONSTRAINT "edge_schema_club_members_edge_schema_member_id" TO "edge_schema_club_members_edge_schema_members_member";
