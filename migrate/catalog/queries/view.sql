SELECT CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind, n.nspname AS schema,
  quote_ident(c.relname) AS name, '' AS rel, 0 AS pos,
  'pg_class'::regclass::oid AS class, c.oid AS obj, 0 AS sub,
  pg_get_viewdef(c.oid) AS "definition",
  (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
    WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS "columns",
  CASE c.relpersistence WHEN 'u' THEN '' END AS "unlogged",
  CASE WHEN c.relkind = 'm' THEN {{.ReplicaIdentity}} END AS "replica identity",
  CASE WHEN NOT c.relispopulated THEN '' END AS "with no data",
  CASE WHEN am.amname <> 'heap' THEN quote_ident(am.amname) END AS "access method",
  quote_ident(ts.spcname) AS "tablespace",
  {{.List "c.reloptions"}} AS "options",
  {{.List "toast.reloptions"}} AS "toast options"
  {{.Owner "c.relowner"}}
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
WHERE c.relkind IN ('v', 'm') AND {{.UserSchema "n"}} AND {{.UserMade "pg_class" "c.oid"}}
