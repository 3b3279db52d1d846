-- modify "column_comment_changes" table
COMMENT ON COLUMN "column_comment_changes"."name" IS 'As it stands in the passport.';
