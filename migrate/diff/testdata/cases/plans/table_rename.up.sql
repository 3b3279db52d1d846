-- rename "table_rename_olds" table
ALTER TABLE "table_rename_olds" RENAME TO "table_rename_news";
-- modify "table_rename_news" table
ALTER SEQUENCE "table_rename_olds_id_seq" RENAME TO "table_rename_news_id_seq";
ALTER TABLE "table_rename_news" RENAME CONSTRAINT "table_rename_olds_pkey" TO "table_rename_news_pkey";
ALTER INDEX "table_rename_olds_code_key" RENAME TO "table_rename_news_code_key";
ALTER INDEX "tablerenameold_name" RENAME TO "tablerenamenew_name";
