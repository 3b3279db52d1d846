-- rename enum type "enum_shares_mood"
ALTER TYPE "enum_shares_mood" RENAME TO "enum_share_type";
-- modify "enum_share_others" table
ALTER TABLE "enum_share_others" ALTER COLUMN "mood" TYPE enum_share_type USING "mood"::text::enum_share_type;
-- drop enum type "enum_share_others_mood"
DROP TYPE "enum_share_others_mood";
