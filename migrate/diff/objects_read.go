package diff

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
)

// address is a row of a catalog in pg_depend's terms.
type address struct{ class, oid int64 }

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

func readObjects(ctx context.Context, tx *sql.Tx, s *state) error {
	s.objects = &objects{all: make(map[node]*object), uses: make(map[node]map[node]bool), initial: make(map[string]map[grant]bool)}
	at := make(map[address]*object)
	for _, query := range objectQueries {
		if err := each(ctx, tx, query, func(rows *sql.Rows) error {
			var (
				a    address
				text string
			)
			if err := rows.Scan(&a.class, &a.oid, &text); err != nil {
				return err
			}
			o := newObject()
			o.at, at[a] = a, o
			if err := json.Unmarshal([]byte(text), o); err != nil {
				return err
			}
			s.objects.all[o.node] = o
			return nil
		}); err != nil {
			return err
		}
	}
	for _, read := range []func(context.Context, *sql.Tx, *state, map[address]*object) error{readSecurity, readComments, readGrants, readInitial, readUses} {
		if err := read(ctx, tx, s, at); err != nil {
			return err
		}
	}
	return nil
}

func newObject() *object {
	return &object{comments: make(map[string]string), grants: make(map[grant]bool), deps: make(map[node]bool)}
}

func readSecurity(ctx context.Context, tx *sql.Tx, s *state, _ map[address]*object) error {
	return each(ctx, tx, securityQuery, func(rows *sql.Rows) error {
		var (
			oid             int64
			schema, table   string
			enabled, forced bool
		)
		if err := rows.Scan(&oid, &schema, &table, &enabled, &forced); err != nil {
			return err
		}
		for kind, on := range map[string]bool{kindSecurity: enabled, kindForced: forced} {
			if on {
				o := newObject()
				o.node, o.at = node{kind, schema, table, table}, address{oid: oid}
				o.deps[node{kindTable, schema, "", table}] = true
				s.objects.all[o.node] = o
			}
		}
		return nil
	})
}

func readComments(ctx context.Context, tx *sql.Tx, _ *state, at map[address]*object) error {
	return each(ctx, tx, commentsQuery, func(rows *sql.Rows) error {
		var (
			a            address
			column, text string
		)
		if err := rows.Scan(&a.class, &a.oid, &column, &text); err != nil {
			return err
		}
		switch o := at[a]; {
		case o == nil || o.Kind == kindExtension: // which brings its own
		case column != "":
			o.comments["COLUMN "+o.sql()+"."+ident(column)] = text
		default:
			o.comments[o.target()] = text
		}
		return nil
	})
}

func readGrants(ctx context.Context, tx *sql.Tx, _ *state, at map[address]*object) error {
	return each(ctx, tx, grantsQuery, func(rows *sql.Rows) error {
		var (
			a      address
			g      grant
			option bool
		)
		if err := rows.Scan(&a.class, &a.oid, &g.Role, &g.Privilege, &option); err != nil {
			return err
		}
		if o := at[a]; o != nil {
			o.grants[g] = option
		}
		return nil
	})
}

func readInitial(ctx context.Context, tx *sql.Tx, s *state, _ map[address]*object) error {
	return each(ctx, tx, initialQuery, func(rows *sql.Rows) error {
		var (
			key    string
			g      grant
			option bool
		)
		if err := rows.Scan(&key, &g.Role, &g.Privilege, &option); err != nil {
			return err
		}
		if s.objects.initial[key] == nil {
			s.objects.initial[key] = make(map[grant]bool)
		}
		s.objects.initial[key][g] = option
		return nil
	})
}

// nodesQuery names what dependencies run between: every row of a catalog that is, or is a part of, something with a name here. sub is
// NULL where parts do not count.
var nodesQuery = `
SELECT 'pg_extension'::regclass::oid::int8 AS class, oid::int8, NULL::int AS sub, 'extension' AS kind, '' AS schema, '' AS "table", extname::text AS name FROM pg_extension
UNION ALL SELECT d.classid, d.objid, NULL, 'extension', '', '', e.extname FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid
	WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
UNION ALL SELECT 'pg_namespace'::regclass, n.oid, NULL, 'schema', '', '', n.nspname FROM pg_namespace n
	WHERE n.oid <> current_schema()::regnamespace AND n.nspname <> 'public' AND n.oid >= 16384
UNION ALL SELECT r.class, r.oid, r.sub, r.kind, ` + shortSchema + `, r."table", r.name FROM (
	SELECT 'pg_class'::regclass::oid AS class, oid, CASE WHEN relkind IN ('r', 'p') THEN 0 END AS sub, relnamespace AS namespace,
		CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END AS kind, '' AS "table", relname AS name
	FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')
	UNION ALL SELECT 'pg_type'::regclass, c.reltype, NULL, c.relnamespace,
		CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END, '', c.relname
	FROM pg_class c WHERE c.relkind IN ('r', 'p', 'v', 'm') AND c.reltype <> 0
	UNION ALL SELECT 'pg_class'::regclass, c.oid, a.attnum, c.relnamespace, 'column', c.relname, a.attname
	FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE c.relkind IN ('r', 'p')
	UNION ALL SELECT 'pg_attrdef'::regclass, d.oid, NULL, c.relnamespace, 'default', c.relname, a.attname
	FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
	UNION ALL SELECT 'pg_constraint'::regclass, k.oid, NULL, c.relnamespace, 'constraint', c.relname, k.conname
	FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype <> 't' -- which stands on its trigger
	UNION ALL SELECT 'pg_class'::regclass, i.oid, NULL, c.relnamespace, 'index', c.relname, i.relname
	FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid
	UNION ALL SELECT 'pg_rewrite'::regclass, r.oid, NULL, c.relnamespace,
		CASE WHEN r.rulename <> '_RETURN' THEN 'rule' WHEN c.relkind = 'v' THEN 'view' ELSE 'materialized view' END,
		CASE WHEN r.rulename <> '_RETURN' THEN c.relname ELSE '' END, CASE WHEN r.rulename <> '_RETURN' THEN r.rulename ELSE c.relname END
	FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
	UNION ALL SELECT 'pg_trigger'::regclass, t.oid, NULL, c.relnamespace, 'trigger', c.relname, t.tgname
	FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
	UNION ALL SELECT 'pg_policy'::regclass, p.oid, NULL, c.relnamespace, 'policy', c.relname, p.polname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
	UNION ALL SELECT 'pg_proc'::regclass, p.oid, NULL, p.pronamespace, CASE p.prokind WHEN 'p' THEN 'procedure' ELSE 'function' END, '',
		quote_ident(p.proname) || '(' || oidvectortypes(p.proargtypes) || ')' FROM pg_proc p WHERE p.prokind <> 'a' AND p.oid >= 16384
	UNION ALL SELECT 'pg_type'::regclass, t.oid, NULL, t.typnamespace, 'enum', '', t.typname FROM pg_type t WHERE t.typtype = 'e'
) r JOIN pg_namespace n ON n.oid = r.namespace WHERE r.oid >= 16384 AND NOT EXISTS (SELECT FROM pg_depend ext
	WHERE ext.refclassid = 'pg_extension'::regclass AND ext.deptype = 'e' AND ext.classid = r.class AND ext.objid = r.oid)`

// edgesQuery lists who stands on what. An array stands for its elements.
const edgesQuery = `SELECT d.classid::int8, d.objid::int8, d.objsubid, d.refclassid::int8, coalesce(e.oid, d.refobjid)::int8, d.refobjsubid
FROM pg_depend d LEFT JOIN pg_type e ON d.refclassid = 'pg_type'::regclass AND e.typarray = d.refobjid
WHERE d.deptype IN ('n', 'a', 'i') AND d.objid >= 16384 AND d.refobjid >= 16384`

// part is a column of a relation, or the relation with sub 0; whole where parts do not count.
type part struct {
	address
	sub int
}

const whole = -1

func readNodes(ctx context.Context, tx *sql.Tx) (map[part]node, error) {
	nodes := make(map[part]node)
	return nodes, each(ctx, tx, nodesQuery, func(rows *sql.Rows) error {
		var (
			p   part
			sub sql.NullInt64
			n   node
		)
		if err := rows.Scan(&p.class, &p.oid, &sub, &n.Kind, &n.Schema, &n.Table, &n.Name); err != nil {
			return err
		}
		p.sub = whole
		if sub.Valid {
			p.sub = int(sub.Int64)
		}
		nodes[p] = n
		return nil
	})
}

func readUses(ctx context.Context, tx *sql.Tx, s *state, _ map[address]*object) error {
	nodes, err := readNodes(ctx, tx)
	if err != nil {
		return err
	}
	find := func(p part) node {
		if n, ok := nodes[p]; ok {
			return n
		}
		return nodes[part{p.address, whole}]
	}
	return each(ctx, tx, edgesQuery, func(rows *sql.Rows) error {
		var from, to part
		if err := rows.Scan(&from.class, &from.oid, &from.sub, &to.class, &to.oid, &to.sub); err != nil {
			return err
		}
		a, b := find(from), find(to)
		o, isObject := s.objects.all[a]
		switch _, onObject := s.objects.all[b]; {
		case a == b, a == node{}, b == node{}:
		case isObject:
			o.deps[b] = true
		case onObject:
			if s.objects.uses[a] == nil {
				s.objects.uses[a] = make(map[node]bool)
			}
			s.objects.uses[a][b] = true
		}
		return nil
	})
}

// knownObject tells whether a dependency p comes from something that readObjects reads.
const knownObject = `CASE p.classid
	WHEN 'pg_proc'::regclass THEN EXISTS (SELECT FROM pg_proc WHERE oid = p.objid AND prokind <> 'a')
	WHEN 'pg_class'::regclass THEN EXISTS (SELECT FROM pg_class WHERE oid = p.objid AND relkind IN ('v', 'm'))
	WHEN 'pg_rewrite'::regclass THEN true WHEN 'pg_policy'::regclass THEN true WHEN 'pg_trigger'::regclass THEN true ELSE false END`
