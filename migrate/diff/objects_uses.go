package diff

import (
	"context"
	"database/sql"
)

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
