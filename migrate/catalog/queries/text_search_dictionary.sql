SELECT 'text search dictionary' AS kind, n.nspname AS schema, quote_ident(d.dictname) AS name, '' AS rel, 0 AS pos,
  'pg_ts_dict'::regclass::oid AS class, d.oid AS obj, 0 AS sub,
  quote_ident(tn.nspname) || '.' || quote_ident(t.tmplname) AS "template",
  d.dictinitoption AS "options"
  {{.Owner "d.dictowner"}}
FROM pg_ts_dict d
JOIN pg_ts_template t ON t.oid = d.dicttemplate
JOIN pg_namespace tn ON tn.oid = t.tmplnamespace
JOIN pg_namespace n ON n.oid = d.dictnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_ts_dict" "d.oid"}}
