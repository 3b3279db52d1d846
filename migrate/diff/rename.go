package diff

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"
)

// renamer writes renames, and the way back.
type renamer struct {
	up, back script
	before   map[string]string // what tables of the model were called, if otherwise
	seen     map[string]bool   // objects that are renamed
}

// add is one rename. Twice the same is one.
func (r *renamer) add(object, comment, up, back string) {
	if r.seen[object] {
		return
	}
	r.seen[object] = true
	r.up.change("rename", object, comment, up)
	first := &script{}
	first.change("rename", object, comment, back)
	r.back = *first.then(&r.back)
}

// name renames what format says, with both names quoted in their order.
func (r *renamer) name(object, comment, format, old, now string) {
	r.add(object+" to "+now, comment, fmt.Sprintf(format, ident(old), ident(now)), fmt.Sprintf(format, ident(now), ident(old)))
}

// rename gives what the schema code says was renamed its new names, on the directory's database, and what PostgreSQL or Ent name
// after it. Both scripts are empty when everything has its name.
func (w *work) rename(ctx context.Context) (up, back *script, err error) {
	now := w.states[0]
	r := &renamer{before: make(map[string]string), seen: make(map[string]bool)}
	r.tables(now, w.in.Model)
	r.columns(now, w.model, w.in.Model)
	r.enums(now, w.model, w.in.Model)
	r.indexes(now, w.in.Model)
	named := r.up
	if err := w.run(ctx, "up", &named); err != nil {
		return nil, nil, err
	}
	if !named.empty() {
		if now, err = readState(ctx, w.db); err != nil {
			return nil, nil, err
		}
		if err := r.sequences(ctx, w.db, w.in.Model); err != nil {
			return nil, nil, err
		}
	}
	r.members(now, w.targetOf(now))
	rest := script{statements: r.up.statements[len(named.statements):]}
	return &r.up, &r.back, w.run(ctx, "up", &rest)
}

func (r *renamer) tables(now *state, m *Model) {
	for _, x := range m.renames {
		if x.column != "" || now.tables[x.table] != nil || r.before[x.table] != "" {
			continue
		}
		taken := slices.Collect(maps.Values(r.before))
		i := slices.IndexFunc(x.old, func(old string) bool { return now.tables[old] != nil && !slices.Contains(taken, old) })
		if i < 0 {
			continue
		}
		r.before[x.table] = x.old[i]
		r.name("table "+x.old[i], "rename "+ident(x.old[i])+" table", "ALTER TABLE %s RENAME TO %s", x.old[i], x.table)
	}
}

// was is the table of now that becomes one of the model's; nil for a new one.
func (r *renamer) was(now *state, name string) *table {
	if old := r.before[name]; old != "" {
		name = old
	}
	return now.tables[name]
}

func (r *renamer) columns(now, model *state, m *Model) {
	taken := make(map[member]bool)
	for _, x := range m.renames {
		have, want := r.was(now, x.table), model.tables[x.table]
		if x.column == "" || have == nil || want == nil {
			continue
		}
		if _, there := have.column(x.column); there {
			continue
		}
		i := slices.IndexFunc(x.old, func(old string) bool {
			_, there := have.column(old)
			_, kept := want.column(old)
			return there && !kept && !taken[member{x.table, old}]
		})
		if i < 0 {
			continue
		}
		taken[member{x.table, x.old[i]}] = true
		r.name("column "+x.table+"."+x.old[i], modify(x.table), alter(x.table)+"RENAME COLUMN %s TO %s", x.old[i], x.column)
	}
}

// enums renames types whose column has another one that the schema code no longer knows, and then their values.
func (r *renamer) enums(now, model *state, m *Model) {
	called, taken := make(map[string]string), make(map[string]bool) // types of the model by what they were called, and the latter
	for _, e := range m.enums {
		have := r.was(now, e.table)
		if have == nil || now.enums[e.typ] != nil {
			continue
		}
		for _, c := range have.columns {
			if !m.isNow(e.table, c.name, e.column) || c.enum == "" || model.enums[c.enum] != nil || called[e.typ] != "" || taken[c.enum] || now.enums[c.enum].byHand {
				continue
			}
			called[e.typ], taken[c.enum] = c.enum, true
			r.name("enum "+c.enum, "rename enum type "+ident(c.enum), "ALTER TYPE %s RENAME TO %s", c.enum, e.typ)
		}
	}
	for _, x := range m.renamedValues {
		name := x.typ
		if old := called[x.typ]; old != "" {
			name = old
		}
		have := now.enums[name]
		for _, v := range x.values {
			if have == nil || !slices.Contains(have.labels, v.Old) || slices.Contains(have.labels, v.New) {
				continue
			}
			const format = "ALTER TYPE %s RENAME VALUE %s TO %s"
			r.add(fmt.Sprintf("value %s of enum %s to %s", literal(v.Old), x.typ, literal(v.New)), "rename a value of enum type "+ident(x.typ),
				fmt.Sprintf(format, ident(x.typ), literal(v.Old), literal(v.New)), fmt.Sprintf(format, ident(x.typ), literal(v.New), literal(v.Old)))
		}
	}
}

// isNow tells whether a column is, or was before a rename, the model's.
func (m *Model) isNow(table, name, column string) bool {
	return name == column || slices.ContainsFunc(m.renames, func(x renaming) bool {
		return x.table == table && x.column == column && slices.Contains(x.old, name)
	})
}

// members renames constraints and indexes that differ from a wanted one in nothing but their name.
func (r *renamer) members(now, to *state) {
	for _, table := range now.tableNames() {
		have, want := now.tables[table], to.tables[table]
		if want == nil || have.child {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(have.constraints)) {
			c := have.constraints[name]
			if _, stays := want.constraints[name]; stays || c.child {
				continue
			}
			if other := lookalike(want.constraints, have.constraints, r.seen, table, func(w constraint) bool {
				_, taken := have.indexes[w.name]
				return w.kind == c.kind && w.def == c.def && !taken
			}); other != "" {
				r.name("constraint "+table+"."+name, modify(table), alter(table)+"RENAME CONSTRAINT %s TO %s", name, other)
			}
		}
		for _, name := range slices.Sorted(maps.Keys(have.indexes)) {
			i := have.indexes[name]
			if _, stays := want.indexes[name]; stays || i.child {
				continue
			}
			if other := lookalike(want.indexes, have.indexes, r.seen, table, func(w index) bool {
				_, taken := have.constraints[w.name]
				return w.unique == i.unique && w.def == i.def && !taken
			}); other != "" {
				r.name("index "+name, modify(table), "ALTER INDEX %s RENAME TO %s", name, other)
			}
		}
	}
}

// indexes renames those of which the schema code says so, whatever else of them changes.
func (r *renamer) indexes(now *state, m *Model) {
	for _, x := range m.renamedIndexes {
		t := r.was(now, x.table)
		if t == nil {
			continue
		}
		_, there := t.indexes[x.name]
		if _, old := t.indexes[x.old]; old && !there {
			r.name("index "+x.old, modify(x.table), "ALTER INDEX %s RENAME TO %s", x.old, x.name)
		}
	}
}

// lookalike is the first wanted name that nothing has, of something that looks like what is there; "" for none.
func lookalike[T any](want, have map[string]T, seen map[string]bool, table string, alike func(T) bool) string {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		key := "taken " + table + "." + name
		if _, there := have[name]; !there && !seen[key] && alike(want[name]) {
			seen[key] = true
			return name
		}
	}
	return ""
}

// sequences renames those that PostgreSQL has named after a table and a column that have other names now.
func (r *renamer) sequences(ctx context.Context, db *sql.DB, m *Model) error {
	rows, err := db.QueryContext(ctx, `SELECT t.relname, a.attname, s.relname
  FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_class t ON t.oid = d.refobjid
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = d.refobjsubid
 WHERE d.classid = 'pg_class'::regclass AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
   AND t.relnamespace = current_schema()::regnamespace ORDER BY 1, 2`)
	if err != nil {
		return fmt.Errorf("diff: read the sequences: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var table, column, sequence string
		if err := rows.Scan(&table, &column, &sequence); err != nil {
			return err
		}
		wanted := table + "_" + column + "_seq"
		oldTable := table
		if old := r.before[table]; old != "" {
			oldTable = old
		}
		oldColumns := []string{column}
		for _, x := range m.renames {
			if x.table == table && x.column == column {
				oldColumns = append(oldColumns, x.old...)
			}
		}
		for _, old := range oldColumns {
			if sequence != wanted && sequence == oldTable+"_"+old+"_seq" && len(wanted) <= maxName {
				r.name("sequence "+sequence, modify(table), "ALTER SEQUENCE %s RENAME TO %s", sequence, wanted)
			}
		}
	}
	return rows.Err()
}
