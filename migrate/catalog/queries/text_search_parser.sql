SELECT 'text search parser' AS kind, n.nspname AS schema, quote_ident(p.prsname) AS name, '' AS rel, 0 AS pos,
  'pg_ts_parser'::regclass::oid AS class, p.oid AS obj, 0 AS sub,
  p.prsstart AS "start", p.prstoken AS "gettoken", p.prsend AS "end", p.prslextype AS "lextypes",
  CASE WHEN p.prsheadline <> 0 THEN p.prsheadline::text END AS "headline"
FROM pg_ts_parser p
JOIN pg_namespace n ON n.oid = p.prsnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_ts_parser" "p.oid"}}
