-- modify "column_comment_drops" table
COMMENT ON COLUMN "column_comment_drops"."name" IS NULL;
