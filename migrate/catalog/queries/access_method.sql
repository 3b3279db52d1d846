SELECT 'access method' AS kind, '' AS schema, quote_ident(a.amname) AS name, '' AS rel, 0 AS pos,
  'pg_am'::regclass::oid AS class, a.oid AS obj, 0 AS sub,
  CASE a.amtype WHEN 't' THEN 'table' ELSE 'index' END AS "type",
  a.amhandler AS "handler"
FROM pg_am a
WHERE {{.UserMade "pg_am" "a.oid"}}
