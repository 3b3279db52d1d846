package trace

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"

	"github.com/lib/pq"
)

// catalog is what exists: the relations by oid, and the objects that can be lost by a key that renaming does not change.
type catalog struct {
	relations map[int64]relation
	objects   map[string]object
}

type relation struct {
	Relation
	schema, name string // unquoted
	table        int64  // of an index
	filenode     int64  // 0 where nothing is stored
}

func (r relation) quoted() string {
	return pq.QuoteIdentifier(r.schema) + "." + pq.QuoteIdentifier(r.name)
}

type object struct {
	Object
	partOf    string // the key of its table; "" for none
	inherited bool   // from a parent or a partitioned table, with which it goes
}

const (
	kindTable   = "table"
	kindMatview = "materialized view"
	kindIndex   = "index"
)

// ours are the schemas that migrations work in, and how names of what is in them begin.
const ours = `WITH s AS (
  SELECT oid, nspname, CASE nspname WHEN 'public' THEN '' ELSE quote_ident(nspname) || '.' END AS prefix FROM pg_catalog.pg_namespace
  WHERE nspname NOT LIKE 'pg\_%' AND nspname NOT IN ('information_schema', 'atlas_schema_revisions')), r AS (
  SELECT c.oid, s.nspname, c.relname, s.prefix || quote_ident(c.relname) AS name, c.relfilenode, c.relkind, c.relispartition,
    CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence' WHEN 'f' THEN 'foreign table'
      WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' ELSE 'table' END AS kind
  FROM pg_catalog.pg_class c JOIN s ON s.oid = c.relnamespace WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I'))
`

const listRelations = ours + `SELECT r.oid::bigint, r.nspname, r.relname, r.name, r.kind, r.relfilenode::bigint, coalesce(i.indrelid::bigint, 0), coalesce(t.name, '')
FROM r LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = r.oid LEFT JOIN r t ON t.oid = i.indrelid`

// listObjects leaves out what goes with something else that is listed: owned sequences, indexes of constraints, row types; and the members
// of extensions.
const listObjects = ours + `SELECT 'n' || oid, 'schema', quote_ident(nspname), '', false FROM s
UNION ALL SELECT 'r' || r.oid, r.kind, r.name, '', false FROM r WHERE r.relkind IN ('r', 'p', 'f', 'v', 'm')
  OR r.relkind = 'S' AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = r.oid
    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i'))
UNION ALL SELECT 'r' || r.oid, r.kind, r.name, 'r' || i.indrelid, r.relispartition FROM r JOIN pg_catalog.pg_index i ON i.indexrelid = r.oid
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_constraint c WHERE c.conindid = r.oid AND c.contype IN ('p', 'u', 'x'))
UNION ALL SELECT 'a' || a.attrelid || '.' || a.attnum, 'column', r.name || '.' || quote_ident(a.attname), 'r' || r.oid, a.attinhcount > 0
  FROM r JOIN pg_catalog.pg_attribute a ON a.attrelid = r.oid WHERE r.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL SELECT 'c' || c.oid, 'constraint', quote_ident(c.conname) || ' on ' || r.name, 'r' || r.oid, c.conparentid <> 0 OR c.coninhcount > 0
  FROM r JOIN pg_catalog.pg_constraint c ON c.conrelid = r.oid WHERE c.contype IN ('c', 'p', 'u', 'x', 'f')
UNION ALL SELECT 'c' || c.oid, 'constraint', quote_ident(c.conname) || ' on ' || s.prefix || quote_ident(t.typname), 't' || t.oid, false
  FROM s JOIN pg_catalog.pg_type t ON t.typnamespace = s.oid JOIN pg_catalog.pg_constraint c ON c.contypid = t.oid WHERE c.contype = 'c'
UNION ALL SELECT 't' || t.oid, CASE t.typtype WHEN 'd' THEN 'domain' ELSE 'type' END, s.prefix || quote_ident(t.typname), '', false
  FROM s JOIN pg_catalog.pg_type t ON t.typnamespace = s.oid
  WHERE (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'b' AND t.typcategory <> 'A'
    OR t.typtype = 'c' AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
    AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e')
UNION ALL SELECT 'p' || p.oid, CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
    s.prefix || quote_ident(p.proname) || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', '', false
  FROM s JOIN pg_catalog.pg_proc p ON p.pronamespace = s.oid
  WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
UNION ALL SELECT 'g' || g.oid, 'trigger', quote_ident(g.tgname) || ' on ' || r.name, 'r' || r.oid, g.tgparentid <> 0
  FROM r JOIN pg_catalog.pg_trigger g ON g.tgrelid = r.oid WHERE NOT g.tgisinternal
UNION ALL SELECT 'y' || y.oid, 'policy', quote_ident(y.polname) || ' on ' || r.name, 'r' || r.oid, false
  FROM r JOIN pg_catalog.pg_policy y ON y.polrelid = r.oid
UNION ALL SELECT 'e' || oid, 'extension', quote_ident(extname), '', false FROM pg_catalog.pg_extension`

// catalog reads what the session sees.
func (s *session) catalog(ctx context.Context) (c *catalog, err error) {
	c = &catalog{}
	if c.relations, err = s.relations(ctx); err != nil {
		return nil, err
	}
	c.objects, err = s.objects(ctx)
	return c, err
}

func (s *session) relations(ctx context.Context) (map[int64]relation, error) {
	all := map[int64]relation{}
	return all, s.query(ctx, listRelations, func(rows *sql.Rows) error {
		var oid int64
		var r relation
		err := rows.Scan(&oid, &r.schema, &r.name, &r.Name, &r.Kind, &r.filenode, &r.table, &r.Table)
		all[oid] = r
		return err
	})
}

func (s *session) objects(ctx context.Context) (map[string]object, error) {
	all := map[string]object{}
	return all, s.query(ctx, listObjects, func(rows *sql.Rows) error {
		var key string
		var o object
		err := rows.Scan(&key, &o.Kind, &o.Name, &o.partOf, &o.inherited)
		all[key] = o
		return err
	})
}

// query runs statements in one message and hands each row of the n-th result to the n-th function.
func (s *session) query(ctx context.Context, text string, each ...func(*sql.Rows) error) (err error) {
	rows, err := s.conn.QueryContext(ctx, text)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for i, f := range each {
		if i > 0 && !rows.NextResultSet() {
			break
		}
		for rows.Next() {
			if err := f(rows); err != nil {
				return err
			}
		}
	}
	return rows.Err()
}

// followObjects makes the objects of c what is left of them in now: names are the new ones, and what was made again under its name takes the
// place of the old one. What is new stays out. It returns what is lost.
func (c *catalog) followObjects(now map[string]object) (lost []Object) {
	byName := make(map[Object]string, len(now))
	for key, o := range now {
		if _, known := c.objects[key]; !known {
			byName[o.Object] = key
		}
	}
	var gone []string
	for key := range c.objects {
		if o, there := now[key]; there {
			c.objects[key] = o
		} else {
			gone = append(gone, key)
		}
	}
	for _, key := range gone {
		o := c.objects[key]
		again, made := byName[o.Object]
		_, parent := now[o.partOf]
		switch {
		case made && o.Kind != kindTable && o.Kind != "column" && o.Kind != "sequence":
			c.objects[again] = now[again]
		case !o.inherited && (o.partOf == "" || parent):
			lost = append(lost, o.Object)
		}
	}
	for _, key := range gone {
		delete(c.objects, key)
	}
	slices.SortFunc(lost, func(a, b Object) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name)) })
	return lost
}

// followRelations is followObjects for the relations. It tells whether any has another name now, and what is stored anew: by the new oids, with
// the old names.
func (c *catalog) followRelations(now map[int64]relation) (renamed bool, anew map[int64]relation) {
	indexes := map[Relation]int64{}
	for oid, r := range now {
		if _, known := c.relations[oid]; !known && r.Kind == kindIndex {
			indexes[r.Relation] = oid
		}
	}
	anew = map[int64]relation{}
	replaced := map[int64]relation{}
	for oid, old := range c.relations {
		r, there := now[oid]
		at := oid
		if !there {
			delete(c.relations, oid)
			if at = indexes[old.Relation]; at == 0 {
				continue
			}
			r = now[at]
		}
		replaced[at] = r
		renamed = renamed || r.Name != old.Name
		if r.filenode != old.filenode && r.filenode != 0 {
			anew[at] = old
		}
	}
	for oid, r := range replaced {
		c.relations[oid] = r
	}
	return renamed, anew
}
