-- drop index "indexdrop_mail" from table: "index_drops"
DROP INDEX "indexdrop_mail";
