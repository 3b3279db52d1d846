SELECT 'language' AS kind, '' AS schema, quote_ident(l.lanname) AS name, '' AS rel, 0 AS pos,
  'pg_language'::regclass::oid AS class, l.oid AS obj, 0 AS sub,
  CASE WHEN l.lanpltrusted THEN '' END AS "trusted",
  l.lanplcallfoid::regproc AS "handler",
  CASE WHEN l.laninline <> 0 THEN l.laninline::regproc::text END AS "inline",
  CASE WHEN l.lanvalidator <> 0 THEN l.lanvalidator::regproc::text END AS "validator"
  {{.Owner "l.lanowner"}}
FROM pg_language l
WHERE l.lanispl AND {{.UserMade "pg_language" "l.oid"}}
