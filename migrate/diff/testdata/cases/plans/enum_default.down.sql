-- modify "enum_defaults" table
ALTER TABLE "enum_defaults" ALTER COLUMN "mood" SET DEFAULT 'sad'::enum_defaults_mood;
