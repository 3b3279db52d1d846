-- drop "books" table
DROP TABLE "books";
-- drop enum type "books_state"
DROP TYPE "books_state";
