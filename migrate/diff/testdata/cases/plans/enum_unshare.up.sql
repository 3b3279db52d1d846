-- rename enum type "enum_unshare_type"
ALTER TYPE "enum_unshare_type" RENAME TO "enum_unshares_mood";
-- create enum type "enum_unshare_others_mood"
CREATE TYPE "enum_unshare_others_mood" AS ENUM ('sad', 'glad');
-- modify "enum_unshare_others" table
ALTER TABLE "enum_unshare_others" ALTER COLUMN "mood" TYPE enum_unshare_others_mood USING "mood"::text::enum_unshare_others_mood;
