-- Tables, partitioned tables, partitions, foreign tables. What follows from parents (inherited checks) is not repeated.
SELECT CASE c.relkind WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind, n.nspname AS schema,
  quote_ident(c.relname) AS name, '' AS rel, 0 AS pos,
  'pg_class'::regclass::oid AS class, c.oid AS obj, 0 AS sub,
  CASE c.relpersistence WHEN 'u' THEN '' END AS "unlogged",
  CASE WHEN c.reloftype <> 0 THEN format_type(c.reloftype, NULL) END AS "of type",
  CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END AS "partition by",
  CASE WHEN c.relispartition THEN inh.parents END AS "partition of",
  pg_get_expr(c.relpartbound, c.oid) AS "partition bound",
  CASE WHEN inh.detaching THEN '' END AS "detach pending",
  CASE WHEN NOT c.relispartition THEN inh.parents END AS "inherits",
  CASE WHEN am.amname <> 'heap' THEN quote_ident(am.amname) END AS "access method",
  quote_ident(ts.spcname) AS "tablespace",
  {{.List "c.reloptions"}} AS "options",
  {{.List "toast.reloptions"}} AS "toast options",
  CASE WHEN c.relkind <> 'f' THEN {{.ReplicaIdentity}} END AS "replica identity",
  CASE WHEN c.relrowsecurity THEN '' END AS "row security",
  CASE WHEN c.relforcerowsecurity THEN '' END AS "row security forced",
  quote_ident(srv.srvname) AS "server",
  {{.Options "ft.ftoptions"}} AS "foreign options"
  {{.Owner "c.relowner"}}
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_class toast ON toast.oid = c.reltoastrelid
LEFT JOIN pg_am am ON am.oid = c.relam
LEFT JOIN pg_tablespace ts ON ts.oid = c.reltablespace
LEFT JOIN pg_foreign_table ft ON ft.ftrelid = c.oid
LEFT JOIN pg_foreign_server srv ON srv.oid = ft.ftserver
LEFT JOIN (SELECT inhrelid, string_agg(inhparent::regclass::text, ', ' ORDER BY inhseqno) AS parents,
    bool_or(inhdetachpending) AS detaching FROM pg_inherits GROUP BY inhrelid) inh ON inh.inhrelid = c.oid
WHERE c.relkind IN ('r', 'p', 'f') AND {{.UserSchema "n"}} AND {{.UserMade "pg_class" "c.oid"}}
