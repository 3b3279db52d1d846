SELECT 'range type' AS kind, n.nspname AS schema, quote_ident(t.typname) AS name, '' AS rel, 0 AS pos,
  'pg_type'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  format_type(r.rngsubtype, NULL) AS "subtype",
  {{.OperatorClass "r.rngsubopc"}} AS "subtype operator class",
  CASE WHEN r.rngcollation <> 0 THEN r.rngcollation::regcollation::text END AS "collation",
  CASE WHEN r.rngcanonical <> 0 THEN r.rngcanonical::text END AS "canonical",
  CASE WHEN r.rngsubdiff <> 0 THEN r.rngsubdiff::text END AS "subtype difference",
  format_type(r.rngmultitypid, NULL) AS "multirange"
  {{.Owner "t.typowner"}}
FROM pg_range r
JOIN pg_type t ON t.oid = r.rngtypid
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_type" "t.oid"}}
