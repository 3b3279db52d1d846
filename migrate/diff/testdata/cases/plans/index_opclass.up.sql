-- drop index "by_mail" from table: "index_opclasses"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_opclasses"
CREATE INDEX "by_mail" ON "index_opclasses" (mail text_pattern_ops);
