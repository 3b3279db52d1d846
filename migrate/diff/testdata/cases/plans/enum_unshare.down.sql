-- modify "enum_unshare_others" table
ALTER TABLE "enum_unshare_others" ALTER COLUMN "mood" TYPE enum_unshares_mood USING "mood"::text::enum_unshares_mood;
-- drop enum type "enum_unshare_others_mood"
DROP TYPE "enum_unshare_others_mood";
-- rename enum type "enum_unshare_type"
ALTER TYPE "enum_unshares_mood" RENAME TO "enum_unshare_type";
