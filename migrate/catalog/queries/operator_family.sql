-- A member that belongs to a class (pg_depend, deptype i) names it; the others were added to the family.
WITH of_class AS (
  SELECT d.classid, d.objid, ' of ' || quote_ident(n.nspname) || '.' || quote_ident(o.opcname) AS class
  FROM pg_depend d
  JOIN pg_opclass o ON o.oid = d.refobjid
  JOIN pg_namespace n ON n.oid = o.opcnamespace
  WHERE d.refclassid = 'pg_opclass'::regclass AND d.deptype = 'i' AND d.objid >= 16384
)
SELECT 'operator family' AS kind, n.nspname AS schema, quote_ident(f.opfname) || ' USING ' || quote_ident(am.amname) AS name, '' AS rel, 0 AS pos,
  'pg_opfamily'::regclass::oid AS class, f.oid AS obj, 0 AS sub,
  (SELECT string_agg(op.amopstrategy || ' (' || format_type(op.amoplefttype, NULL) || ', ' || format_type(op.amoprighttype, NULL) || ') '
      || op.amopopr::regoperator::text || CASE op.amoppurpose WHEN 'o' THEN ' for order by' ELSE '' END
      || coalesce((SELECT ' ' || quote_ident(sn.nspname) || '.' || quote_ident(s.opfname)
        FROM pg_opfamily s JOIN pg_namespace sn ON sn.oid = s.opfnamespace WHERE s.oid = op.amopsortfamily), '')
      || coalesce(oc.class, ''), E'\n'
      ORDER BY op.amopstrategy, format_type(op.amoplefttype, NULL) COLLATE "C", format_type(op.amoprighttype, NULL) COLLATE "C", op.amoppurpose)
    FROM pg_amop op LEFT JOIN of_class oc ON oc.classid = 'pg_amop'::regclass AND oc.objid = op.oid
    WHERE op.amopfamily = f.oid AND op.amopmethod = f.opfmethod) AS "operators",
  (SELECT string_agg(pr.amprocnum || ' (' || format_type(pr.amproclefttype, NULL) || ', ' || format_type(pr.amprocrighttype, NULL) || ') '
      || pr.amproc::regprocedure::text || coalesce(oc.class, ''), E'\n'
      ORDER BY pr.amprocnum, format_type(pr.amproclefttype, NULL) COLLATE "C", format_type(pr.amprocrighttype, NULL) COLLATE "C")
    FROM pg_amproc pr LEFT JOIN of_class oc ON oc.classid = 'pg_amproc'::regclass AND oc.objid = pr.oid
    WHERE pr.amprocfamily = f.oid) AS "functions"
  {{.Owner "f.opfowner"}}
FROM pg_opfamily f
JOIN pg_am am ON am.oid = f.opfmethod
JOIN pg_namespace n ON n.oid = f.opfnamespace
WHERE {{.UserSchema "n"}} AND {{.UserMade "pg_opfamily" "f.oid"}}
