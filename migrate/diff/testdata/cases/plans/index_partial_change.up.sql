-- drop index "by_mail" from table: "index_partial_changes"
DROP INDEX "by_mail";
-- create index "by_mail" to table: "index_partial_changes"
CREATE INDEX "by_mail" ON "index_partial_changes" (mail) WHERE ((name)::text <> 'x'::text);
