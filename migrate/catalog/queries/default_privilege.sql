-- The privileges themselves come with privilege.sql. Those of a schema add to the global ones, which replace PostgreSQL's own.
SELECT 'default privileges' AS kind, coalesce(n.nspname, '') AS schema,
  'FOR ' || {{.ReaderOrRole "d.defaclrole"}} || CASE d.defaclobjtype WHEN 'r' THEN ' ON TABLES' WHEN 'S' THEN ' ON SEQUENCES'
    WHEN 'f' THEN ' ON FUNCTIONS' WHEN 'T' THEN ' ON TYPES' WHEN 'n' THEN ' ON SCHEMAS' WHEN 'L' THEN ' ON LARGE OBJECTS' END AS name,
  '' AS rel, 0 AS pos,
  'pg_default_acl'::regclass::oid AS class, d.oid AS obj, 0 AS sub
FROM pg_default_acl d
LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace
