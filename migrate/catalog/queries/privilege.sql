{{.AccessLists}}
SELECT class, obj, sub, {{.Privileges "items" "owner" "base"}} AS "privileges"
FROM acl
WHERE (obj >= 16384 OR class = 'pg_namespace'::regclass)
  AND (class = 'pg_default_acl'::regclass OR NOT (items @> base AND base @> items))
