-- rename "table_rename_change_olds" table
ALTER TABLE "table_rename_change_olds" RENAME TO "table_rename_change_news";
-- modify "table_rename_change_news" table
ALTER SEQUENCE "table_rename_change_olds_id_seq" RENAME TO "table_rename_change_news_id_seq";
ALTER TABLE "table_rename_change_news" RENAME CONSTRAINT "table_rename_change_olds_pkey" TO "table_rename_change_news_pkey";
ALTER TABLE "table_rename_change_news" DROP COLUMN "age";
ALTER TABLE "table_rename_change_news" ADD COLUMN "active" boolean NOT NULL DEFAULT true;
