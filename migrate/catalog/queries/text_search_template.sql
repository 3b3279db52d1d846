SELECT 'text search template' AS kind, n.nspname AS schema, quote_ident(t.tmplname) AS name, '' AS rel, 0 AS pos,
  'pg_ts_template'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  CASE WHEN t.tmplinit <> 0 THEN t.tmplinit::text END AS "init", t.tmpllexize AS "lexize"
FROM pg_ts_template t
JOIN pg_namespace n ON n.oid = t.tmplnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_ts_template" "t.oid"}}
