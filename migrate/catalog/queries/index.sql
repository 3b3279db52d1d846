-- Without the indexes behind constraints.
SELECT 'index' AS kind, n.nspname AS schema, quote_ident(ic.relname) AS name, c.relname AS rel, 0 AS pos,
  'pg_class'::regclass::oid AS class, ic.oid AS obj, 0 AS sub,
  pg_get_indexdef(i.indexrelid) AS "definition",
  {{.IndexFacts ""}},
  (SELECT inhparent::regclass::text FROM pg_inherits WHERE inhrelid = i.indexrelid) AS "attached to"
FROM pg_index i
JOIN pg_class ic ON ic.oid = i.indexrelid
JOIN pg_class c ON c.oid = i.indrelid
JOIN pg_namespace n ON n.oid = ic.relnamespace
LEFT JOIN pg_tablespace ts ON ts.oid = ic.reltablespace
WHERE NOT EXISTS (SELECT FROM pg_constraint con WHERE con.conindid = i.indexrelid AND con.contype IN ('p', 'u', 'x'))
  AND {{.UserSchema "n"}} AND {{.UserMade "pg_class" "i.indrelid"}} AND {{.UserMade "pg_class" "i.indexrelid"}}
