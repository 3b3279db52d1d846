-- modify "table_comment_changes" table
COMMENT ON TABLE "table_comment_changes" IS 'Who signs in, and who once did.';
