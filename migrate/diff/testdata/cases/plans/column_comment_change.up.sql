-- modify "column_comment_changes" table
COMMENT ON COLUMN "column_comment_changes"."name" IS 'The bearer''s own.';
