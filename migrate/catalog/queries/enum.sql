SELECT 'enum' AS kind, n.nspname AS schema, quote_ident(t.typname) AS name, '' AS rel, 0 AS pos,
  'pg_type'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  (SELECT string_agg(quote_literal(e.enumlabel), E'\n' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid) AS "labels"
  {{.Owner "t.typowner"}}
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'e' AND {{.UserSchema "n"}} AND {{.UserMade "pg_type" "t.oid"}}
