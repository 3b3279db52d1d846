SELECT 'foreign data wrapper' AS kind, '' AS schema, quote_ident(f.fdwname) AS name, '' AS rel, 0 AS pos,
  'pg_foreign_data_wrapper'::regclass::oid AS class, f.oid AS obj, 0 AS sub,
  CASE WHEN f.fdwhandler <> 0 THEN f.fdwhandler::regproc::text END AS "handler",
  CASE WHEN f.fdwvalidator <> 0 THEN f.fdwvalidator::regproc::text END AS "validator",
  {{.Options "f.fdwoptions"}} AS "options"
  {{.Owner "f.fdwowner"}}
FROM pg_foreign_data_wrapper f
WHERE {{.UserMade "pg_foreign_data_wrapper" "f.oid"}}
