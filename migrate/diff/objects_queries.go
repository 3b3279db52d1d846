package diff

import "fmt"

// shortSchema is the schema of a row of pg_namespace n as node wants it.
const shortSchema = `CASE WHEN n.oid = current_schema()::regnamespace THEN '' ELSE n.nspname END`

// ours keeps out what PostgreSQL made and what belongs to an extension.
const ours = `n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND %[2]s >= 16384 AND NOT EXISTS (SELECT FROM pg_depend ext
	WHERE ext.refclassid = 'pg_extension'::regclass AND ext.deptype = 'e' AND ext.classid = '%[1]s'::regclass AND ext.objid = %[2]s)`

func oursIn(class, oid string) string { return fmt.Sprintf(ours, class, oid) }

const (
	ownerOf = `CASE WHEN pg_get_userbyid(%s) <> current_user THEN pg_get_userbyid(%[1]s) END`
	// The printing functions write some names with their schema always. It goes where the search_path finds them.
	routineDef = `CASE WHEN n.oid = current_schema()::regnamespace AND starts_with(d.def, d.head || quote_ident(n.nspname) || '.')
		THEN d.head || substr(d.def, length(d.head || quote_ident(n.nspname) || '.') + 1) ELSE d.def END`
	unqualified = `CASE WHEN n.oid = current_schema()::regnamespace
			AND position(%[1]s || quote_ident(n.nspname) || '.' || quote_ident(c.relname) IN d.def) > 0 THEN
		overlay(d.def PLACING %[1]s || quote_ident(c.relname) FROM position(%[1]s || quote_ident(n.nspname) || '.' || quote_ident(c.relname) IN d.def)
			FOR length(%[1]s || quote_ident(n.nspname) || '.' || quote_ident(c.relname))) ELSE d.def END`
)

// objectQueries give the address and the object as JSON.
var objectQueries = []string{
	`SELECT 'pg_namespace'::regclass::oid, n.oid, json_build_object('Kind', 'schema', 'Name', n.nspname, 'Owner', ` + fmt.Sprintf(ownerOf, "n.nspowner") + `)
FROM pg_namespace n WHERE n.oid <> current_schema()::regnamespace AND n.nspname <> 'public' AND ` + oursIn("pg_namespace", "n.oid"),

	`SELECT 'pg_extension'::regclass::oid, e.oid, json_build_object('Kind', 'extension', 'Name', e.extname, 'Signature', ` + shortSchema + `, 'Options', n.nspname, 'Version', e.extversion,
	'Tables', EXISTS (SELECT FROM pg_depend d JOIN pg_class c ON c.oid = d.objid AND c.relkind IN ('r', 'p')
		WHERE d.refclassid = 'pg_extension'::regclass AND d.refobjid = e.oid AND d.classid = 'pg_class'::regclass AND d.deptype = 'e'))
FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.oid >= 16384`,

	`SELECT 'pg_class'::regclass::oid, c.oid, json_build_object('Kind', CASE c.relkind WHEN 'v' THEN 'view' ELSE 'materialized view' END,
	'Schema', ` + shortSchema + `, 'Name', c.relname, 'Def', rtrim(pg_get_viewdef(c.oid), ';'), 'Settles', true,
	'Columns', (SELECT json_agg(concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod), nullif(a.attcollation, 0)::regcollation) ORDER BY a.attnum)
		FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
	'Options', (SELECT string_agg(o, ', ' ORDER BY o COLLATE "C") FROM unnest(c.reloptions) o),
	'NoData', NOT c.relispopulated, 'Owner', ` + fmt.Sprintf(ownerOf, "c.relowner") + `)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('v', 'm') AND ` + oursIn("pg_class", "c.oid"),

	`SELECT 'pg_proc'::regclass::oid, p.oid, json_build_object('Kind', CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END,
	'Schema', ` + shortSchema + `, 'Name', quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')', 'Def', ` + routineDef + `,
	'Signature', concat_ws(' ', p.prokind, p.proargnames::text, p.proargmodes::text,
		(SELECT string_agg(format_type(t, NULL), ', ' ORDER BY i) FROM unnest(p.proallargtypes) WITH ORDINALITY u(t, i)), pg_get_function_result(p.oid)),
	'Defaults', p.pronargdefaults, 'SQLBody', l.lanname = 'sql' AND p.prosqlbody IS NULL, 'Settles', p.prosqlbody IS NOT NULL OR p.pronargdefaults > 0,
	'Owner', ` + fmt.Sprintf(ownerOf, "p.proowner") + `)
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
CROSS JOIN LATERAL (SELECT rtrim(pg_get_functiondef(p.oid), E'\n') AS def,
	'CREATE OR REPLACE ' || CASE p.prokind WHEN 'p' THEN 'PROCEDURE ' ELSE 'FUNCTION ' END AS head WHERE p.prokind <> 'a') d
WHERE ` + oursIn("pg_proc", "p.oid") + `
	AND NOT EXISTS (SELECT FROM pg_depend i WHERE i.classid = 'pg_proc'::regclass AND i.objid = p.oid AND i.deptype = 'i')`,

	`SELECT 'pg_class'::regclass::oid, i.oid, json_build_object('Kind', 'index', 'Schema', ` + shortSchema + `, 'Table', c.relname, 'Name', i.relname,
	'Def', ` + fmt.Sprintf(unqualified, "' ON '") + `)
FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT pg_get_indexdef(i.oid) AS def) d WHERE c.relkind = 'm' AND ` + oursIn("pg_class", "c.oid"),

	`SELECT 'pg_rewrite'::regclass::oid, r.oid, json_build_object('Kind', 'rule', 'Schema', ` + shortSchema + `, 'Table', c.relname, 'Name', r.rulename,
	'Def', rtrim(` + fmt.Sprintf(unqualified, "' TO '") + `, ';'), 'Enabled', r.ev_enabled)
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT pg_get_ruledef(r.oid) AS def) d WHERE r.rulename <> '_RETURN' AND ` + oursIn("pg_class", "c.oid"),

	`SELECT 'pg_trigger'::regclass::oid, t.oid, json_build_object('Kind', 'trigger', 'Schema', ` + shortSchema + `, 'Table', c.relname, 'Name', t.tgname,
	'Def', ` + fmt.Sprintf(unqualified, "' ON '") + `, 'Signature', CASE WHEN t.tgconstraint <> 0 THEN 'constraint' END, 'Enabled', t.tgenabled, 'Settles', t.tgqual IS NOT NULL)
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT pg_get_triggerdef(t.oid) AS def) d WHERE NOT t.tgisinternal AND t.tgparentid = 0 AND ` + oursIn("pg_class", "c.oid"),

	`SELECT 'pg_policy'::regclass::oid, p.oid, json_build_object('Kind', 'policy', 'Schema', ` + shortSchema + `, 'Table', c.relname, 'Name', p.polname,
	'Signature', CASE WHEN p.polpermissive THEN '' ELSE 'AS RESTRICTIVE ' END || 'FOR ' ||
		CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
	'Roles', (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' WHEN pg_get_userbyid(r) = current_user THEN 'CURRENT_USER' ELSE quote_ident(pg_get_userbyid(r)) END, ', '
		ORDER BY pg_get_userbyid(r) COLLATE "C") FROM unnest(p.polroles) r),
	'Using', pg_get_expr(p.polqual, p.polrelid), 'Check', pg_get_expr(p.polwithcheck, p.polrelid), 'Settles', true)
FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ` + oursIn("pg_class", "c.oid"),
}

// securityQuery gives the two marks of a table. They have no row of their own.
const securityQuery = `SELECT c.oid::int8, ` + shortSchema + `, c.relname, c.relrowsecurity, c.relforcerowsecurity
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND (c.relrowsecurity OR c.relforcerowsecurity) AND c.oid >= 16384`

const commentsQuery = `SELECT classoid::int8, objoid::int8, coalesce((SELECT attname FROM pg_attribute
	WHERE classoid = 'pg_class'::regclass AND attrelid = objoid AND attnum = objsubid AND objsubid > 0), ''), description
FROM pg_description WHERE objoid >= 16384`

const grantsQuery = `SELECT class::int8, oid::int8, CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN owner THEN '' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, x.privilege_type, x.is_grantable
FROM (SELECT 'pg_class'::regclass::oid, oid, relowner, coalesce(relacl, acldefault('r', relowner)) FROM pg_class WHERE relkind IN ('v', 'm')
	UNION ALL SELECT 'pg_proc'::regclass, oid, proowner, coalesce(proacl, acldefault('f', proowner)) FROM pg_proc
	UNION ALL SELECT 'pg_namespace'::regclass, oid, nspowner, coalesce(nspacl, acldefault('n', nspowner)) FROM pg_namespace) o(class, oid, owner, acl)
CROSS JOIN LATERAL aclexplode(acl) x WHERE oid >= 16384`

// initialQuery gives the privileges of new objects: by type, and by type and schema what is added there.
const initialQuery = `WITH me AS (SELECT oid FROM pg_roles WHERE rolname = current_user), types(t) AS (VALUES ('r'), ('f'), ('n'))
SELECT key, CASE x.grantee WHEN 0 THEN 'PUBLIC' WHEN me.oid THEN '' ELSE quote_ident(pg_get_userbyid(x.grantee)) END, x.privilege_type, x.is_grantable
FROM me CROSS JOIN LATERAL (
	SELECT t AS key, coalesce((SELECT defaclacl FROM pg_default_acl WHERE defaclrole = me.oid AND defaclnamespace = 0 AND defaclobjtype = t::"char"),
		acldefault(t::"char", me.oid)) AS acl FROM types
	UNION ALL
	SELECT defaclobjtype::text || ' ' || ` + shortSchema + `, defaclacl FROM pg_default_acl JOIN pg_namespace n ON n.oid = defaclnamespace WHERE defaclrole = me.oid) a
CROSS JOIN LATERAL aclexplode(acl) x`

// knownObject tells whether a dependency p comes from something that readObjects reads.
const knownObject = `CASE p.classid
	WHEN 'pg_proc'::regclass THEN EXISTS (SELECT FROM pg_proc WHERE oid = p.objid AND prokind <> 'a')
	WHEN 'pg_class'::regclass THEN EXISTS (SELECT FROM pg_class WHERE oid = p.objid AND relkind IN ('v', 'm'))
	WHEN 'pg_rewrite'::regclass THEN true WHEN 'pg_policy'::regclass THEN true WHEN 'pg_trigger'::regclass THEN true ELSE false END`
