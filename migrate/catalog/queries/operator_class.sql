-- Its operators and functions are listed with the family.
SELECT 'operator class' AS kind, n.nspname AS schema, quote_ident(o.opcname) || ' USING ' || quote_ident(am.amname) AS name, '' AS rel, 0 AS pos,
  'pg_opclass'::regclass::oid AS class, o.oid AS obj, 0 AS sub,
  format_type(o.opcintype, NULL) AS "for type",
  CASE WHEN o.opcdefault THEN '' END AS "default",
  quote_ident(fn.nspname) || '.' || quote_ident(f.opfname) AS "family",
  CASE WHEN o.opckeytype <> 0 THEN format_type(o.opckeytype, NULL) END AS "storage"
  {{.Owner "o.opcowner"}}
FROM pg_opclass o
JOIN pg_am am ON am.oid = o.opcmethod
JOIN pg_opfamily f ON f.oid = o.opcfamily
JOIN pg_namespace fn ON fn.oid = f.opfnamespace
JOIN pg_namespace n ON n.oid = o.opcnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_opclass" "o.oid"}}
