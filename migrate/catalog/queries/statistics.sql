-- By parts instead of pg_get_statisticsobjdef, which prints the columns in their physical order.
SELECT 'statistics' AS kind, n.nspname AS schema, quote_ident(s.stxname) AS name, c.relname AS rel, 0 AS pos,
  'pg_statistic_ext'::regclass::oid AS class, s.oid AS obj, 0 AS sub,
  c.oid::regclass AS "on",
  (SELECT string_agg(CASE k WHEN 'd' THEN 'ndistinct' WHEN 'f' THEN 'dependencies' WHEN 'm' THEN 'mcv' WHEN 'e' THEN 'expressions' ELSE k::text END, ', '
    ORDER BY k) FROM unnest(s.stxkind) k) AS "kinds",
  (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attname COLLATE "C") FROM pg_attribute a
    WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys::int2[])) AS "columns",
  CASE WHEN s.stxexprs IS NOT NULL THEN array_to_string(pg_get_statisticsobjdef_expressions(s.oid), E'\n') END AS "expressions",
  CASE WHEN s.stxstattarget >= 0 THEN s.stxstattarget END AS "target"
  {{.Owner "s.stxowner"}}
FROM pg_statistic_ext s
JOIN pg_class c ON c.oid = s.stxrelid
JOIN pg_namespace n ON n.oid = s.stxnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_statistic_ext" "s.oid"}}
