-- Privileges that somebody changed on objects of extensions and of pg_catalog: what pg_init_privs does not explain.
{{.AccessLists}}
SELECT 'privileges' AS kind, coalesce(i.schema, '') AS schema, i.type || ' ' || i.identity AS name, '' AS rel, 0 AS pos,
  0 AS class, 0 AS obj, 0 AS sub,
  {{.Privileges "acl.items" "acl.owner" "acl.base"}} AS "privileges"
FROM acl
LEFT JOIN pg_init_privs init ON init.classoid = acl.class AND init.objoid = acl.obj AND init.objsubid = acl.sub
CROSS JOIN LATERAL pg_identify_object(acl.class, acl.obj, acl.sub) i
WHERE (acl.obj < 16384 AND NOT (acl.class = 'pg_namespace'::regclass AND {{.UserSchemaName "i.name"}})
    OR EXISTS (SELECT FROM pg_depend e WHERE e.classid = acl.class AND e.objid = acl.obj
      AND e.refclassid = 'pg_extension'::regclass AND e.deptype = 'e'))
  AND coalesce(i.schema, i.name) <> 'information_schema'
  AND acl.class <> 'pg_default_acl'::regclass
  AND NOT (acl.items @> coalesce(init.initprivs, acl.base) AND coalesce(init.initprivs, acl.base) @> acl.items)
