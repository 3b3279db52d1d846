SELECT 'rule' AS kind, n.nspname AS schema, quote_ident(c.relname) || '.' || quote_ident(r.rulename) AS name, c.relname AS rel, 0 AS pos,
  'pg_rewrite'::regclass::oid AS class, r.oid AS obj, 0 AS sub,
  pg_get_ruledef(r.oid) AS "definition",
  {{.Enabled "r.ev_enabled"}} AS "enabled"
FROM pg_rewrite r
JOIN pg_class c ON c.oid = r.ev_class
JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE NOT (r.ev_type = '1' AND c.relkind IN ('v', 'm')) -- a view's own query
  AND {{.UserSchema "n"}} AND {{.UserMade "pg_class" "r.ev_class"}} AND {{.UserMade "pg_rewrite" "r.oid"}}
