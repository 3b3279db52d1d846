SELECT 'schema' AS kind, n.nspname AS schema, quote_ident(n.nspname) AS name, '' AS rel, 0 AS pos,
  'pg_namespace'::regclass::oid AS class, n.oid AS obj, 0 AS sub
  {{.Owner "n.nspowner"}}
FROM pg_namespace n
WHERE {{.UserSchema "n"}} AND {{.NotMember "pg_namespace" "n.oid"}}
