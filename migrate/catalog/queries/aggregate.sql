SELECT 'aggregate' AS kind, n.nspname AS schema,
  quote_ident(p.proname) || '(' || CASE WHEN p.pronargs = 0 THEN '*' ELSE oidvectortypes(p.proargtypes) END || ')' AS name, '' AS rel, 0 AS pos,
  'pg_proc'::regclass::oid AS class, p.oid AS obj, 0 AS sub,
  pg_get_function_arguments(p.oid) AS "arguments",
  format_type(p.prorettype, NULL) AS "returns",
  CASE a.aggkind WHEN 'o' THEN 'ordered set' WHEN 'h' THEN 'hypothetical' END AS "kind of aggregate",
  nullif(a.aggnumdirectargs, 0) AS "direct arguments",
  CASE p.proparallel WHEN 's' THEN 'safe' WHEN 'r' THEN 'restricted' END AS "parallel",
  a.aggtransfn::regprocedure AS "sfunc",
  format_type(a.aggtranstype, NULL) AS "stype",
  nullif(a.aggtransspace, 0) AS "sspace",
  nullif(a.aggfinalfn, 0)::regprocedure AS "finalfunc",
  CASE WHEN a.aggfinalextra THEN '' END AS "finalfunc extra",
  nullif(a.aggfinalmodify, CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END::"char") AS "finalfunc modify",
  nullif(a.aggcombinefn, 0)::regprocedure AS "combinefunc",
  nullif(a.aggserialfn, 0)::regprocedure AS "serialfunc",
  nullif(a.aggdeserialfn, 0)::regprocedure AS "deserialfunc",
  quote_literal(a.agginitval) AS "initcond",
  nullif(a.aggmtransfn, 0)::regprocedure AS "msfunc",
  nullif(a.aggminvtransfn, 0)::regprocedure AS "minvfunc",
  CASE WHEN a.aggmtranstype <> 0 THEN format_type(a.aggmtranstype, NULL) END AS "mstype",
  nullif(a.aggmtransspace, 0) AS "msspace",
  nullif(a.aggmfinalfn, 0)::regprocedure AS "mfinalfunc",
  CASE WHEN a.aggmfinalextra THEN '' END AS "mfinalfunc extra",
  nullif(a.aggmfinalmodify, CASE a.aggkind WHEN 'n' THEN 'r' ELSE 'w' END::"char") AS "mfinalfunc modify",
  quote_literal(a.aggminitval) AS "minitcond",
  nullif(a.aggsortop, 0)::regoperator AS "sortop"
  {{.Owner "p.proowner"}}
FROM pg_proc p
JOIN pg_aggregate a ON a.aggfnoid = p.oid
JOIN pg_namespace n ON n.oid = p.pronamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_proc" "p.oid"}}
