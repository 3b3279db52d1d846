-- atlas:txmode none

-- drop index "indexdrop_mail" from table: "index_drops"; CONCURRENTLY, so that nobody waits, which cannot run in a transaction
DROP INDEX CONCURRENTLY "indexdrop_mail";
