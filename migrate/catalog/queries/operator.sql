-- Shell operators, which CREATE OPERATOR makes for a commutator or negator to come, are not listed; nor are they in pg_dump.
SELECT 'operator' AS kind, n.nspname AS schema,
  o.oprname || '(' || CASE o.oprleft WHEN 0 THEN 'NONE' ELSE format_type(o.oprleft, NULL) END || ', ' || format_type(o.oprright, NULL) || ')' AS name,
  '' AS rel, 0 AS pos,
  'pg_operator'::regclass::oid AS class, o.oid AS obj, 0 AS sub,
  o.oprcode::regprocedure AS "function",
  CASE WHEN o.oprcom <> 0 THEN o.oprcom::regoperator::text END AS "commutator",
  CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::regoperator::text END AS "negator",
  CASE WHEN o.oprrest <> 0 THEN o.oprrest::text END AS "restrict",
  CASE WHEN o.oprjoin <> 0 THEN o.oprjoin::text END AS "join",
  CASE WHEN o.oprcanhash THEN '' END AS "hashes",
  CASE WHEN o.oprcanmerge THEN '' END AS "merges"
  {{.Owner "o.oprowner"}}
FROM pg_operator o
JOIN pg_namespace n ON n.oid = o.oprnamespace
WHERE o.oprcode <> 0 AND {{.UserSchema "n"}} AND {{.UserMade "pg_operator" "o.oid"}}
