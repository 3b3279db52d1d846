-- Base types and shells; array types follow from their elements.
SELECT 'type' AS kind, n.nspname AS schema, quote_ident(t.typname) AS name, '' AS rel, 0 AS pos,
  'pg_type'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  CASE WHEN NOT t.typisdefined THEN '' END AS "shell",
  t.typinput AS "input", t.typoutput AS "output",
  CASE WHEN t.typreceive <> 0 THEN t.typreceive::text END AS "receive",
  CASE WHEN t.typsend <> 0 THEN t.typsend::text END AS "send",
  CASE WHEN t.typmodin <> 0 THEN t.typmodin::text END AS "typmod in",
  CASE WHEN t.typmodout <> 0 THEN t.typmodout::text END AS "typmod out",
  CASE WHEN t.typanalyze <> 0 THEN t.typanalyze::text END AS "analyze",
  CASE WHEN t.typsubscript <> 0 THEN t.typsubscript::text END AS "subscript",
  t.typlen AS "length",
  CASE WHEN t.typbyval THEN '' END AS "passed by value",
  t.typalign AS "alignment", t.typstorage AS "storage", t.typcategory AS "category",
  CASE WHEN t.typispreferred THEN '' END AS "preferred",
  coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) AS "default",
  CASE WHEN t.typelem <> 0 THEN format_type(t.typelem, NULL) END AS "element",
  quote_literal(t.typdelim::text) AS "delimiter",
  CASE WHEN t.typcollation <> 0 THEN '' END AS "collatable"
  {{.Owner "t.typowner"}}
FROM pg_type t
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('b', 'p') AND {{.UserSchema "n"}} AND {{.UserMade "pg_type" "t.oid"}}
  AND NOT EXISTS (SELECT FROM pg_type e WHERE e.typarray = t.oid)
