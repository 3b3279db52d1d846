-- drop "article_tags" table
DROP TABLE "article_tags";
-- drop "articles" table
DROP TABLE "articles";
-- drop "tags" table
DROP TABLE "tags";
-- drop "users" table
DROP TABLE "users";
-- drop enum type "article_status"
DROP TYPE "article_status";
