SELECT 'server' AS kind, '' AS schema, quote_ident(s.srvname) AS name, '' AS rel, 0 AS pos,
  'pg_foreign_server'::regclass::oid AS class, s.oid AS obj, 0 AS sub,
  quote_ident(f.fdwname) AS "foreign data wrapper",
  quote_literal(s.srvtype) AS "type",
  quote_literal(s.srvversion) AS "version",
  {{.Options "s.srvoptions"}} AS "options"
  {{.Owner "s.srvowner"}}
FROM pg_foreign_server s
JOIN pg_foreign_data_wrapper f ON f.oid = s.srvfdw
WHERE {{.UserMade "pg_foreign_server" "s.oid"}}
