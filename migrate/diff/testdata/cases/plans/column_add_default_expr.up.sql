-- modify "column_add_default_exprs" table
ALTER TABLE "column_add_default_exprs" ADD COLUMN "token" character varying NOT NULL DEFAULT md5((random())::text);
