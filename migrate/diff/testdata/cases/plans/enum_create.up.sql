-- create enum type "enum_creates_mood"
CREATE TYPE "enum_creates_mood" AS ENUM ('sad', 'glad');
-- modify "enum_creates" table
ALTER TABLE "enum_creates" ADD COLUMN "mood" enum_creates_mood NOT NULL DEFAULT 'glad'::enum_creates_mood;
