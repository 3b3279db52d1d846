SELECT 'transform' AS kind, '' AS schema, 'FOR ' || format_type(t.trftype, NULL) || ' LANGUAGE ' || quote_ident(l.lanname) AS name,
  '' AS rel, 0 AS pos,
  'pg_transform'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::regprocedure::text END AS "from sql",
  CASE WHEN t.trftosql <> 0 THEN t.trftosql::regprocedure::text END AS "to sql"
FROM pg_transform t
JOIN pg_language l ON l.oid = t.trflang
WHERE {{.UserMade "pg_transform" "t.oid"}}
