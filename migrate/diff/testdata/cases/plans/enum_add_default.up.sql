-- file 1: <name>_enum_values
-- extend enum type "enum_add_defaults_mood"
ALTER TYPE "enum_add_defaults_mood" ADD VALUE 'calm';
-- file 2: <name>_
-- modify "enum_add_defaults" table
ALTER TABLE "enum_add_defaults" ALTER COLUMN "mood" SET DEFAULT 'calm'::enum_add_defaults_mood;
