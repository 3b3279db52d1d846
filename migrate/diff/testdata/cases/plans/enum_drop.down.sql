-- plinth:irreversible not brought back: the data of column enum_drops.mood

-- create enum type "enum_drops_mood"
CREATE TYPE "enum_drops_mood" AS ENUM ('sad', 'glad');
-- modify "enum_drops" table
ALTER TABLE "enum_drops" ADD COLUMN "mood" enum_drops_mood;
