-- plinth:parents
-- create enum type "article_status"
CREATE TYPE "article_status" AS ENUM ('draft', 'review', 'published', 'archived');
-- create "users" table
CREATE TABLE "users" (
  "id" uuid NOT NULL DEFAULT gen_random_uuid(),
  "created_at" timestamp with time zone NOT NULL DEFAULT now(),
  "updated_at" timestamp with time zone NOT NULL DEFAULT now(),
  "email" character varying(254) NOT NULL,
  "name" character varying(200) NOT NULL,
  CONSTRAINT "users_pkey" PRIMARY KEY (id),
  CONSTRAINT "users_email_form" CHECK (((email)::text ~~ '_%@_%'::text))
);
-- create index "users_email_key" to table: "users"
CREATE UNIQUE INDEX "users_email_key" ON "users" (email);
-- create "tags" table
CREATE TABLE "tags" (
  "id" uuid NOT NULL DEFAULT gen_random_uuid(),
  "name" character varying(100) NOT NULL,
  CONSTRAINT "tags_pkey" PRIMARY KEY (id)
);
-- create index "tags_name_key" to table: "tags"
CREATE UNIQUE INDEX "tags_name_key" ON "tags" (name);
-- create "articles" table
CREATE TABLE "articles" (
  "id" uuid NOT NULL DEFAULT gen_random_uuid(),
  "created_at" timestamp with time zone NOT NULL DEFAULT now(),
  "updated_at" timestamp with time zone NOT NULL DEFAULT now(),
  "title" character varying(300) NOT NULL,
  "slug" character varying(300) NOT NULL,
  "body" text NOT NULL DEFAULT ''::text,
  "status" article_status NOT NULL DEFAULT 'draft'::article_status,
  "published_at" timestamp with time zone,
  "metadata" jsonb,
  "author_id" uuid NOT NULL,
  CONSTRAINT "articles_pkey" PRIMARY KEY (id),
  CONSTRAINT "articles_users_articles" FOREIGN KEY (author_id) REFERENCES users(id) ON DELETE RESTRICT
);
-- create index "article_author_id" to table: "articles"
CREATE INDEX "article_author_id" ON "articles" (author_id);
-- create index "article_published" to table: "articles"
CREATE INDEX "article_published" ON "articles" (published_at) WHERE (status = 'published'::article_status);
-- create index "articles_slug_key" to table: "articles"
CREATE UNIQUE INDEX "articles_slug_key" ON "articles" (slug);
-- create "article_tags" table
CREATE TABLE "article_tags" (
  "article_id" uuid NOT NULL,
  "tag_id" uuid NOT NULL,
  CONSTRAINT "article_tags_pkey" PRIMARY KEY (article_id, tag_id),
  CONSTRAINT "article_tags_article_id" FOREIGN KEY (article_id) REFERENCES articles(id) ON DELETE CASCADE,
  CONSTRAINT "article_tags_tag_id" FOREIGN KEY (tag_id) REFERENCES tags(id) ON DELETE CASCADE
);
