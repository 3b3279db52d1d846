-- ALTER ... DEPENDS ON EXTENSION: the object goes when the extension is dropped.
SELECT d.classid AS class, d.objid AS obj, d.objsubid AS sub,
  string_agg(quote_ident(e.extname), ', ' ORDER BY e.extname COLLATE "C") AS "depends on extension"
FROM pg_depend d
JOIN pg_extension e ON e.oid = d.refobjid
WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'x'
GROUP BY 1, 2, 3
