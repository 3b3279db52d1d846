-- modify "column_default_changes" table
ALTER TABLE "column_default_changes" ALTER COLUMN "mood" SET DEFAULT 'fine'::character varying;
