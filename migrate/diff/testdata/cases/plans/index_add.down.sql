-- drop index "indexadd_mail_name" from table: "index_adds"
DROP INDEX "indexadd_mail_name";
