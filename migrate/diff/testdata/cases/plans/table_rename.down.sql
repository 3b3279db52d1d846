-- modify "table_rename_news" table
ALTER INDEX "tablerenamenew_name" RENAME TO "tablerenameold_name";
ALTER INDEX "table_rename_news_code_key" RENAME TO "table_rename_olds_code_key";
ALTER TABLE "table_rename_news" RENAME CONSTRAINT "table_rename_news_pkey" TO "table_rename_olds_pkey";
ALTER SEQUENCE "table_rename_news_id_seq" RENAME TO "table_rename_olds_id_seq";
-- rename "table_rename_olds" table
ALTER TABLE "table_rename_news" RENAME TO "table_rename_olds";
