-- A trigger that a partition got from its parent is listed when its enabled state is another one, as in pg_dump.
SELECT 'trigger' AS kind, n.nspname AS schema, quote_ident(c.relname) || '.' || quote_ident(t.tgname) AS name, c.relname AS rel, 0 AS pos,
  'pg_trigger'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  pg_get_triggerdef(t.oid) AS "definition",
  {{.Enabled "t.tgenabled"}} AS "enabled"
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_trigger parent ON parent.oid = t.tgparentid
WHERE NOT t.tgisinternal AND (t.tgparentid = 0 OR t.tgenabled <> parent.tgenabled)
  AND {{.UserSchema "n"}} AND {{.UserMade "pg_class" "t.tgrelid"}} AND {{.UserMade "pg_trigger" "t.oid"}}
