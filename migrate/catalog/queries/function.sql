-- Without what a type brings along (deptype i: the constructors of ranges).
SELECT CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END AS kind, n.nspname AS schema,
  quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')' AS name, '' AS rel, 0 AS pos,
  'pg_proc'::regclass::oid AS class, p.oid AS obj, 0 AS sub,
  pg_get_functiondef(p.oid) AS "definition"
  {{.Owner "p.proowner"}}
FROM pg_proc p
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE p.prokind <> 'a' AND {{.UserSchema "n"}} AND {{.UserMade "pg_proc" "p.oid"}}
  AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')
