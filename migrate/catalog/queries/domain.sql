SELECT 'domain' AS kind, n.nspname AS schema, quote_ident(t.typname) AS name, '' AS rel, 0 AS pos,
  'pg_type'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  format_type(t.typbasetype, t.typtypmod) AS "type",
  CASE WHEN t.typcollation <> b.typcollation THEN t.typcollation::regcollation::text END AS "collation",
  CASE WHEN t.typnotnull THEN '' END AS "not null",
  (SELECT string_agg(obj_description(nn.oid, 'pg_constraint'), E'\n') FROM pg_constraint nn
    WHERE nn.contypid = t.oid AND nn.contype = 'n') AS "not null comment",
  coalesce(pg_get_expr(t.typdefaultbin, 0), quote_literal(t.typdefault)) AS "default"
  {{.Owner "t.typowner"}}
FROM pg_type t
JOIN pg_type b ON b.oid = t.typbasetype
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype = 'd' AND {{.UserSchema "n"}} AND {{.UserMade "pg_type" "t.oid"}}
