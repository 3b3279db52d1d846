SELECT 'sequence' AS kind, n.nspname AS schema, quote_ident(c.relname) AS name, '' AS rel, 0 AS pos,
  'pg_class'::regclass::oid AS class, c.oid AS obj, 0 AS sub,
  format_type(s.seqtypid, NULL) AS "type",
  s.seqstart AS "start", s.seqincrement AS "increment", s.seqmin AS "minimum", s.seqmax AS "maximum", s.seqcache AS "cache",
  CASE WHEN s.seqcycle THEN '' END AS "cycle",
  CASE c.relpersistence WHEN 'u' THEN '' END AS "unlogged",
  CASE dep.deptype WHEN 'a' THEN dep.refobjid::regclass::text || '.' || quote_ident(own.attname) END AS "owned by",
  CASE dep.deptype WHEN 'i' THEN dep.refobjid::regclass::text || '.' || quote_ident(own.attname) END AS "identity of"
  {{.Owner "c.relowner"}}
FROM pg_sequence s
JOIN pg_class c ON c.oid = s.seqrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_depend dep ON dep.classid = 'pg_class'::regclass AND dep.objid = c.oid AND dep.objsubid = 0 AND dep.deptype IN ('a', 'i')
  AND dep.refclassid = 'pg_class'::regclass AND dep.refobjsubid > 0
LEFT JOIN pg_attribute own ON own.attrelid = dep.refobjid AND own.attnum = dep.refobjsubid
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_class" "c.oid"}}
