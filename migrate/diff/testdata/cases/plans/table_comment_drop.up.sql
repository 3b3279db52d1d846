-- modify "table_comment_drops" table
COMMENT ON TABLE "table_comment_drops" IS NULL;
