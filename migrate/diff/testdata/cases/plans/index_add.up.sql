-- create index "indexadd_mail_name" to table: "index_adds"
CREATE INDEX "indexadd_mail_name" ON "index_adds" (mail, name);
