-- create enum type "enum_share_others_mood"
CREATE TYPE "enum_share_others_mood" AS ENUM ('sad', 'glad');
-- modify "enum_share_others" table
ALTER TABLE "enum_share_others" ALTER COLUMN "mood" TYPE enum_share_others_mood USING "mood"::text::enum_share_others_mood;
-- rename enum type "enum_shares_mood"
ALTER TYPE "enum_share_type" RENAME TO "enum_shares_mood";
