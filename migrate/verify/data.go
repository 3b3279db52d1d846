package verify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// data is the rows of every table, by the table's quoted name.
type data map[string][]row

// row is each column's value as JSON.
type row map[string]string

// listTables leaves out partitions, whose rows are their root's, what extensions own, temporary tables and Plinth's own.
const listTables = `SELECT c.oid, n.nspname, c.relname, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind = 'p'
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't'
	AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'atlas_schema_revisions') AND n.nspname NOT LIKE 'pg\_%'
	AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
ORDER BY 2, 3`

type table struct {
	oid          int64
	schema, name string // unquoted
	quoted       string // schema and name
	partitioned  bool
}

// from is what a FROM clause says: without inherited rows, which are listed where they are stored.
func (t table) from() string {
	if t.partitioned {
		return t.quoted
	}
	return "ONLY " + t.quoted
}

func readTables(ctx context.Context, db Database) ([]table, error) {
	return listed(ctx, db, listTables)
}

func listed(ctx context.Context, db Database, query string) (list []table, err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return nil, fmt.Errorf("verify: list tables: %w", err)
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var t table
		if err := rows.Scan(&t.oid, &t.schema, &t.name, &t.quoted, &t.partitioned); err != nil {
			return nil, fmt.Errorf("verify: list tables: %w", err)
		}
		list = append(list, t)
	}
	return list, rows.Err()
}

// listCopies finds the columns that a plan of plinth diff keeps equal to others until it is over: they are no data of their own.
const listCopies = `SELECT t.tgrelid::bigint, a.attname FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_attribute a ON a.attrelid = t.tgrelid
WHERE t.tgname = '~plinth_shadow' AND a.attnum > 0 AND strpos(p.prosrc, 'NEW."' || replace(a.attname, '"', '""') || '"') > 0`

func readCopies(ctx context.Context, db Database) (map[int64][]string, error) {
	rows, err := db.QueryContext(ctx, listCopies)
	if err != nil {
		return nil, fmt.Errorf("verify: list copies of columns: %w", err)
	}
	defer rows.Close()
	copies := make(map[int64][]string)
	for rows.Next() {
		var (
			oid  int64
			name string
		)
		if err := rows.Scan(&oid, &name); err != nil {
			return nil, fmt.Errorf("verify: list copies of columns: %w", err)
		}
		copies[oid] = append(copies[oid], name)
	}
	return copies, rows.Err()
}

// tablesPerQuery saves round trips; the planner's time grows faster than the number.
const tablesPerQuery = 50

func readData(ctx context.Context, db Database) (data, error) {
	tables, err := readTables(ctx, db)
	if err != nil {
		return nil, err
	}
	copies, err := readCopies(ctx, db)
	if err != nil {
		return nil, err
	}
	all := make(data, len(tables))
	for chunk := range slices.Chunk(tables, tablesPerQuery) {
		var parts []string
		for i, t := range chunk {
			all[t.quoted] = nil
			// The alias would lose against a column of its name, but for the star.
			parts = append(parts, fmt.Sprintf("SELECT %d, row_to_json(plinth_row.*)::text FROM %s AS plinth_row", i, t.from()))
		}
		err := each(ctx, db, strings.Join(parts, " UNION ALL "), func(i int, text string) error {
			var values map[string]json.RawMessage
			if err := json.Unmarshal([]byte(text), &values); err != nil {
				return err
			}
			r := row{}
			for name, value := range values {
				r[name] = string(value)
			}
			for _, name := range copies[chunk[i].oid] {
				delete(r, name)
			}
			all[chunk[i].quoted] = append(all[chunk[i].quoted], r)
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("verify: read rows: %w", err)
		}
	}
	return all, nil
}

func each(ctx context.Context, db Database, query string, f func(i int, text string) error) (err error) {
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var (
			i    int
			text string
		)
		if err := rows.Scan(&i, &text); err != nil {
			return err
		}
		if err := f(i, text); err != nil {
			return err
		}
	}
	return rows.Err()
}

func (d data) count() (n int) {
	for _, rows := range d {
		n += len(rows)
	}
	return n
}

// without is d, but for a column of a table in whatever schema.
func (d data) without(table, column string) data {
	rest := maps.Clone(d)
	for name, rows := range d {
		if !strings.HasSuffix(name, "."+table) && !strings.HasSuffix(name, "."+quoteName(table)) {
			continue
		}
		rest[name] = nil
		for _, r := range rows {
			r = maps.Clone(r)
			delete(r, column)
			rest[name] = append(rest[name], r)
		}
	}
	return rest
}

// loss is what a table lacks.
type loss struct {
	told string // with counts
	what string // without
}

// lostIn names the tables of which rows are not in now as they were, with the columns that hold something else. More rows are no loss.
func (d data) lostIn(now data) (list []loss) {
	for _, name := range slices.Sorted(maps.Keys(d)) {
		had := d[name]
		if len(had) == 0 {
			continue
		}
		columns := slices.Sorted(maps.Keys(had[0]))
		gone := less(had, now[name], columns)
		if gone == 0 {
			continue
		}
		var changed []string
		for _, c := range columns {
			if less(had, now[name], []string{c}) > 0 {
				changed = append(changed, c)
			}
		}
		switch {
		case len(now[name]) == 0:
			list = append(list, loss{fmt.Sprintf("table %s: all %d rows are gone", name, gone), "the rows of table " + name})
		case len(changed) == 0 || len(changed) == len(columns):
			list = append(list, loss{fmt.Sprintf("table %s: %d of %d rows are gone or changed", name, gone, len(had)), "rows of table " + name})
		default:
			columns := strings.Join(changed, ", ")
			list = append(list, loss{fmt.Sprintf("table %s: %d of %d rows changed in %s", name, gone, len(had), columns), "what rows of table " + name + " held in " + columns})
		}
	}
	return list
}

// less counts the rows of had that have no equal one, in these columns, in now.
func less(had, now []row, columns []string) (n int) {
	key := func(r row) string {
		var b strings.Builder
		for _, c := range columns {
			fmt.Fprintf(&b, "%q,", r[c])
		}
		return b.String()
	}
	left := map[string]int{}
	for _, r := range now {
		left[key(r)]++
	}
	for _, r := range had {
		k := key(r)
		if left[k] == 0 {
			n++
			continue
		}
		left[k]--
	}
	return n
}
