-- modify "table_comment_adds" table
COMMENT ON TABLE "table_comment_adds" IS NULL;
