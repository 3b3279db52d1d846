-- A view's columns follow from its query; those that carry something of their own are listed.
SELECT 'column' AS kind, n.nspname AS schema, quote_ident(c.relname) || '.' || quote_ident(a.attname) AS name, c.relname AS rel,
  row_number() OVER (PARTITION BY a.attrelid ORDER BY a.attnum) AS pos,
  'pg_class'::regclass::oid AS class, a.attrelid AS obj, a.attnum AS sub,
  format_type(a.atttypid, a.atttypmod) AS "type",
  CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END AS "collation",
  CASE WHEN a.attnotnull THEN '' END AS "not null",
  CASE WHEN nn.connoinherit THEN '' END AS "not null no inherit",
  CASE WHEN NOT nn.convalidated THEN '' END AS "not null not valid",
  obj_description(nn.oid, 'pg_constraint') AS "not null comment",
  CASE WHEN a.attgenerated = '' THEN pg_get_expr(d.adbin, d.adrelid) END AS "default",
  CASE a.attgenerated WHEN 's' THEN pg_get_expr(d.adbin, d.adrelid) END AS "generated stored",
  CASE a.attgenerated WHEN 'v' THEN pg_get_expr(d.adbin, d.adrelid) END AS "generated virtual",
  CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END AS "identity",
  CASE WHEN NOT a.attislocal AND NOT c.relispartition THEN '' END AS "inherited",
  CASE WHEN a.attstorage <> t.typstorage THEN
    CASE a.attstorage WHEN 'p' THEN 'plain' WHEN 'e' THEN 'external' WHEN 'x' THEN 'extended' WHEN 'm' THEN 'main' END END AS "storage",
  CASE a.attcompression WHEN 'p' THEN 'pglz' WHEN 'l' THEN 'lz4' WHEN '' THEN NULL ELSE a.attcompression::text END AS "compression",
  CASE WHEN a.attstattarget >= 0 THEN a.attstattarget END AS "statistics target",
  {{.List "own.options"}} AS "options",
  {{.Options "a.attfdwoptions"}} AS "foreign options"
FROM pg_attribute a
JOIN pg_class c ON c.oid = a.attrelid
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
-- Debian's 17.12 stamps every column with an option pg_attver of its own, which differs from database to database.
CROSS JOIN LATERAL (SELECT array_agg(o) AS options FROM unnest(a.attoptions) o WHERE o NOT LIKE 'pg\_attver=%') own
LEFT JOIN pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' AND nn.conkey[1] = a.attnum
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
  AND {{.UserSchema "n"}} AND {{.UserMade "pg_class" "a.attrelid"}}
  AND (c.relkind IN ('r', 'p', 'f') OR d.oid IS NOT NULL OR a.attacl IS NOT NULL OR own.options IS NOT NULL
    OR a.attstattarget >= 0 OR a.attstorage <> t.typstorage OR a.attcompression <> ''
    OR EXISTS (SELECT FROM pg_description x WHERE x.classoid = 'pg_class'::regclass AND x.objoid = a.attrelid AND x.objsubid = a.attnum)
    OR EXISTS (SELECT FROM pg_seclabel x WHERE x.classoid = 'pg_class'::regclass AND x.objoid = a.attrelid AND x.objsubid = a.attnum))
