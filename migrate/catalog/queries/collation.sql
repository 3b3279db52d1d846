SELECT 'collation' AS kind, n.nspname AS schema, quote_ident(c.collname) AS name, '' AS rel, 0 AS pos,
  'pg_collation'::regclass::oid AS class, c.oid AS obj, 0 AS sub,
  CASE c.collprovider WHEN 'c' THEN 'libc' WHEN 'i' THEN 'icu' WHEN 'b' THEN 'builtin' WHEN 'd' THEN 'default' END AS "provider",
  CASE WHEN NOT c.collisdeterministic THEN '' END AS "not deterministic",
  quote_literal({{if .Since 17}}c.colllocale{{else}}c.colliculocale{{end}}) AS "locale",
  quote_literal(c.collcollate) AS "lc_collate",
  quote_literal(c.collctype) AS "lc_ctype"
  {{if .Since 16}}, quote_literal(c.collicurules) AS "rules"{{end}}
  {{.Owner "c.collowner"}}
FROM pg_collation c
JOIN pg_namespace n ON n.oid = c.collnamespace
WHERE c.collencoding IN (-1, (SELECT encoding FROM pg_database WHERE datname = current_database()))
  AND {{.UserSchema "n"}} AND {{.UserMade "pg_collation" "c.oid"}}
