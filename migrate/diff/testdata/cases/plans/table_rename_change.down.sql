-- plinth:irreversible not brought back: the data of column table_rename_change_news.age

-- modify "table_rename_change_news" table
ALTER TABLE "table_rename_change_news" DROP COLUMN "active";
ALTER TABLE "table_rename_change_news" ADD COLUMN "age" bigint NOT NULL DEFAULT 0;
ALTER TABLE "table_rename_change_news" ALTER COLUMN "age" DROP DEFAULT;
ALTER TABLE "table_rename_change_news" RENAME CONSTRAINT "table_rename_change_news_pkey" TO "table_rename_change_olds_pkey";
ALTER SEQUENCE "table_rename_change_news_id_seq" RENAME TO "table_rename_change_olds_id_seq";
-- rename "table_rename_change_olds" table
ALTER TABLE "table_rename_change_news" RENAME TO "table_rename_change_olds";
