-- modify "column_rename_keys" table
ALTER TABLE "column_rename_keys" RENAME COLUMN "nick_name" TO "nick";
