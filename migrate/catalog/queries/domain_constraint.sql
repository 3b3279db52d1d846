SELECT 'domain constraint' AS kind, n.nspname AS schema, quote_ident(t.typname) || '.' || quote_ident(con.conname) AS name, '' AS rel, 0 AS pos,
  'pg_constraint'::regclass::oid AS class, con.oid AS obj, 0 AS sub,
  pg_get_constraintdef(con.oid) AS "definition"
FROM pg_constraint con
JOIN pg_type t ON t.oid = con.contypid
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE con.contype <> 'n' AND {{.UserSchema "n"}} AND {{.UserMade "pg_type" "t.oid"}}
