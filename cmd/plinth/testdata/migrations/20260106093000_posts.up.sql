CREATE TYPE post_status AS ENUM ('draft', 'published');
CREATE TABLE posts (
  id int PRIMARY KEY,
  author int NOT NULL REFERENCES users,
  status post_status NOT NULL DEFAULT 'draft'
);
CREATE INDEX posts_author ON posts (author);
