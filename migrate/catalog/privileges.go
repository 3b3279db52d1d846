package catalog

import "fmt"

// ReaderOrRole is a role's name; the reading role is written CURRENT_USER, unless WithOwners.
func (s server) ReaderOrRole(oid string) string {
	name := fmt.Sprintf(`quote_ident(pg_get_userbyid(%s))`, oid)
	if s.Owners {
		return name
	}
	return fmt.Sprintf(`CASE WHEN pg_get_userbyid(%s) = current_user THEN 'CURRENT_USER' ELSE %s END`, oid, name)
}

// Privileges prints an access list: a line for each grantee and grantor, sorted, "none" for an empty list. ALL is what PostgreSQL gives
// an owner by default, so a privilege that a later version adds makes no difference.
func (s server) Privileges(items, owner, base string) string {
	role := func(oid string) string {
		name := fmt.Sprintf(`quote_ident(pg_get_userbyid(%s))`, oid)
		if s.Owners {
			return name
		}
		return fmt.Sprintf(`CASE WHEN %s = %s THEN '<owner>' ELSE %s END`, oid, owner, name)
	}
	return fmt.Sprintf(`coalesce((SELECT string_agg(line, E'\n' ORDER BY line COLLATE "C") FROM (
  SELECT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE %s END
    || CASE WHEN x.grantor <> %s THEN ' by ' || %s ELSE '' END || ': '
    || CASE WHEN count(*) = (SELECT count(*) FROM aclexplode(%s) d WHERE d.grantee = %[2]s)
          AND (every(x.is_grantable) OR NOT bool_or(x.is_grantable))
        THEN 'ALL' || CASE WHEN every(x.is_grantable) THEN '*' ELSE '' END
        ELSE string_agg(x.privilege_type || CASE WHEN x.is_grantable THEN '*' ELSE '' END, ', '
          ORDER BY x.privilege_type COLLATE "C") END AS line
  FROM aclexplode(%[5]s) x GROUP BY x.grantee, x.grantor) lines), 'none')`,
		role("x.grantee"), owner, role("x.grantor"), base, items)
}

// AccessLists is a WITH clause: every access list that is not NULL (NULL is the default), with its object, owner, and the list that the
// owner's objects have by default.
func (s server) AccessLists() string {
	return `WITH acl(class, obj, sub, owner, items, base) AS (
  SELECT 'pg_class'::regclass::oid, oid, 0, relowner, relacl, acldefault((CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", relowner)
    FROM pg_class WHERE relacl IS NOT NULL
  UNION ALL SELECT 'pg_class'::regclass, a.attrelid, a.attnum, c.relowner, a.attacl, acldefault('c', c.relowner)
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
  UNION ALL SELECT 'pg_proc'::regclass, oid, 0, proowner, proacl, acldefault('f', proowner) FROM pg_proc WHERE proacl IS NOT NULL
  UNION ALL SELECT 'pg_type'::regclass, oid, 0, typowner, typacl, acldefault('T', typowner) FROM pg_type WHERE typacl IS NOT NULL
  UNION ALL SELECT 'pg_namespace'::regclass, oid, 0, nspowner, nspacl, acldefault('n', nspowner) FROM pg_namespace WHERE nspacl IS NOT NULL
  UNION ALL SELECT 'pg_language'::regclass, oid, 0, lanowner, lanacl, acldefault('l', lanowner) FROM pg_language WHERE lanacl IS NOT NULL
  UNION ALL SELECT 'pg_foreign_data_wrapper'::regclass, oid, 0, fdwowner, fdwacl, acldefault('F', fdwowner)
    FROM pg_foreign_data_wrapper WHERE fdwacl IS NOT NULL
  UNION ALL SELECT 'pg_foreign_server'::regclass, oid, 0, srvowner, srvacl, acldefault('S', srvowner)
    FROM pg_foreign_server WHERE srvacl IS NOT NULL
  UNION ALL SELECT 'pg_default_acl'::regclass, oid, 0, defaclrole, defaclacl,
      acldefault((CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END)::"char", defaclrole) FROM pg_default_acl
)`
}
