-- atlas:txmode none

-- drop index "indexadd_mail_name" from table: "index_adds"
DROP INDEX CONCURRENTLY "indexadd_mail_name";
