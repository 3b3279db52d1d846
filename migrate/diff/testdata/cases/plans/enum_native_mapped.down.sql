-- plinth:irreversible not brought back: which rows of column enum_native_mappeds.mood held 'elated' before they got 'glad'

-- modify "enum_native_mappeds" table
ALTER TABLE "enum_native_mappeds" ALTER COLUMN "mood" TYPE character varying USING "mood"::text::character varying;
-- drop enum type "enum_native_mappeds_mood"
DROP TYPE "enum_native_mappeds_mood";
