-- modify "column_comment_adds" table
COMMENT ON COLUMN "column_comment_adds"."name" IS 'As it stands in the passport.';
