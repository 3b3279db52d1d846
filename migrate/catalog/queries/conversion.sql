SELECT 'conversion' AS kind, n.nspname AS schema, quote_ident(c.conname) AS name, '' AS rel, 0 AS pos,
  'pg_conversion'::regclass::oid AS class, c.oid AS obj, 0 AS sub,
  pg_encoding_to_char(c.conforencoding) AS "for", pg_encoding_to_char(c.contoencoding) AS "to",
  c.conproc AS "function",
  CASE WHEN c.condefault THEN '' END AS "default"
  {{.Owner "c.conowner"}}
FROM pg_conversion c
JOIN pg_namespace n ON n.oid = c.connamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_conversion" "c.oid"}}
