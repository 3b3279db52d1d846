SELECT 'extension' AS kind, '' AS schema, quote_ident(e.extname) AS name, '' AS rel, 0 AS pos,
  'pg_extension'::regclass::oid AS class, e.oid AS obj, 0 AS sub,
  quote_ident(n.nspname) AS "schema name"
  {{if .ExtensionVersions}}, e.extversion AS "version"{{end}}
  {{.Owner "e.extowner"}}
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
