-- The order of attributes is part of the type: row literals depend on it.
SELECT 'composite type' AS kind, n.nspname AS schema, quote_ident(t.typname) AS name, '' AS rel, 0 AS pos,
  'pg_type'::regclass::oid AS class, t.oid AS obj, 0 AS sub,
  (SELECT string_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || CASE WHEN a.attcollation <> at.typcollation THEN ' COLLATE ' || a.attcollation::regcollation::text ELSE '' END
      || coalesce(' COMMENT ' || quote_literal(col_description(a.attrelid, a.attnum)), ''), E'\n' ORDER BY a.attnum)
    FROM pg_attribute a JOIN pg_type at ON at.oid = a.atttypid
    WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) AS "attributes"
  {{.Owner "t.typowner"}}
FROM pg_type t
JOIN pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
JOIN pg_namespace n ON n.oid = t.typnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_type" "t.oid"}}
