SELECT 'cast' AS kind, '' AS schema, '(' || format_type(c.castsource, NULL) || ' AS ' || format_type(c.casttarget, NULL) || ')' AS name,
  '' AS rel, 0 AS pos,
  'pg_cast'::regclass::oid AS class, c.oid AS obj, 0 AS sub,
  CASE c.castmethod WHEN 'f' THEN 'function' WHEN 'i' THEN 'inout' WHEN 'b' THEN 'without function' END AS "method",
  CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure::text END AS "function",
  CASE c.castcontext WHEN 'a' THEN 'assignment' WHEN 'i' THEN 'implicit' ELSE 'explicit' END AS "context"
FROM pg_cast c
WHERE {{.UserMade "pg_cast" "c.oid"}}
  AND NOT EXISTS (SELECT FROM pg_range r WHERE r.rngtypid = c.castsource AND r.rngmultitypid = c.casttarget) -- comes with the range type
