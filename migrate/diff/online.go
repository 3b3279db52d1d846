package diff

import (
	"fmt"
	"slices"
	"strings"
)

// online is what of a plan waits for files of its own, because it would keep readers or writers of a table that exists waiting for a time
// that grows with the table.
type online struct {
	model   *Model
	around  *surroundings
	goal    *state                // where the first file leads: new indexes are missing, new constraints are NOT VALID
	indexes []member              // that come then, one file each
	stand   map[member]string     // of these, what they are called until they take the place of the index that is there
	gone    []member              // indexes that nothing needs any more, which are dropped in files of their own
	changed map[member]constraint // as they come, NOT VALID, once those in whose place they come are NOT VALID
	checks  map[member]helper     // columns that become required: filled, then by a check that is NOT VALID at first
	last    *state                // where the files before those of keys lead
	keys    []keyed               // unique constraints and primary keys, after that
	columns bool                  // some that go wait for the indexes that change because of them
	keyed   *state                // where the files before those of shadows lead
	shadows []shadowing           // columns whose type changes, after everything else
	unsafe  []error               // what cannot be done online
}

// helper is how a column is filled, and the check that proves it free of NULL before SET NOT NULL, which then need not read the table.
type helper struct {
	name  string // of the check; "" for a column that may hold NULL
	fill  string // what rows get that hold NULL
	key   string // the column that is the primary key, by which they are filled
	added bool   // the column is new
}

// goOnline splits the way from now to target, which the model asks for.
func goOnline(now, target *state, m *Model, around *surroundings) *online {
	o := &online{model: m, around: around, changed: make(map[member]constraint), checks: make(map[member]helper), stand: make(map[member]string)}
	o.goal = target
	o.refuseLong(now, target)
	o.refuseMoved(now, target)
	o.shadowsLater(now, target, (&planner{from: now, to: target}).swapped())
	o.keyed = o.goal
	o.keysLater(now, o.keyed)
	o.columnsLater(now)
	o.last, target = o.goal, o.goal
	for _, name := range target.tableNames() {
		have := now.tables[name]
		if have == nil || have.partitioned || have.child {
			continue
		}
		o.goal = o.goal.with(name, func(t *table) {
			o.indexesLater(now, target, have, t)
			o.checkedLater(target, have, t)
			o.filledLater(have, t)
			o.requiredLater(have, t)
		})
	}
	return o
}

// sameTypes tells whether the columns are in both, as they are: else their indexes are made anew with them.
func sameTypes(have, want *table, columns []string) bool {
	return !slices.ContainsFunc(columns, func(name string) bool {
		h, there := have.column(name)
		w, stays := want.column(name)
		return there && (!stays || h.typ != w.typ || h.collation != w.collation || h.generated != w.generated)
	})
}

func (o *online) checkedLater(target *state, have, t *table) {
	for name, c := range t.constraints {
		old, there := have.constraints[name]
		_, taken := have.indexes[name]
		if taken || c.child || c.kind != 'f' && c.kind != 'c' || strings.HasSuffix(c.def, notValid) || there && sayable(old.def) == sayable(c.def) {
			continue
		}
		c.def += notValid
		if comesBack(target, have, t, old) { // before it goes, so that the way back can validate it when it is there
			o.changed[member{t.name, name}] = c
			c = old
			c.def += notValid
		}
		t.constraints[name] = c
	}
	for name, old := range have.constraints {
		_, stays := t.constraints[name]
		_, taken := t.indexes[name]
		if !stays && !taken && comesBack(target, have, t, old) {
			old.def += notValid // and is dropped in the last file, for the same reason
			t.constraints[name] = old
		}
	}
}

// comesBack tells whether a foreign key or a check could stand NOT VALID on the table as it will be.
func comesBack(target *state, have, t *table, old constraint) bool {
	parent := old.kind == 'c' || old.kind == 'f' && target.tables[old.refs] != nil && hasColumns(target.tables[old.refs], old.refCols)
	return parent && !old.child && !strings.HasSuffix(old.def, notValid) && sameTypes(have, t, old.columns) && allStay(t, old.columns)
}

// changing is the goal with the constraints that change as they will be.
func (o *online) changing() *state {
	goal := o.goal
	for m, c := range o.changed {
		goal = goal.with(m.table, func(t *table) { t.constraints[m.name] = c })
	}
	return goal
}

// longestName is PostgreSQL's NAMEDATALEN without the zero at the end.
const longestName = 63

func (o *online) requiredLater(have, t *table) {
	key := fillKey(have, t)
	for i, c := range t.columns {
		h, there := have.column(c.name)
		if !there || h.notNull || !c.notNull || c.def == "" || c.identity != "" {
			continue
		}
		name := notNullCheck(t.name, c.name)
		switch _, taken := t.constraints[name]; {
		case key == "" || key == c.name:
			o.refuseColumn(t.name, c.name, "it becomes required, and the table has no primary key of one column that stays, by which it could be filled in batches")
		case taken:
			o.refuseColumn(t.name, c.name, fmt.Sprintf("another has the name %s, which it needs meanwhile", ident(name)))
		case len(name) > longestName:
			o.refuseColumn(t.name, c.name, fmt.Sprintf("the name %s, which it needs meanwhile, is too long", ident(name)))
		default:
			o.checks[member{t.name, c.name}] = helper{name: name, fill: c.def, key: key}
			t.columns[i].notNull = false
		}
	}
}

func notNullCheck(table, column string) string { return table + "_" + column + "_not_null" }

// filledLater lets new columns come without the default that would write each row, which is filled in afterwards.
func (o *online) filledLater(have, t *table) {
	for i, c := range t.columns {
		_, there := have.column(c.name)
		if there || c.generated != "" {
			continue
		}
		if o.around.strict[c.base] {
			o.refuseColumn(t.name, c.name, fmt.Sprintf("its type %s is a domain with constraints, for which PostgreSQL writes the table anew", c.typ))
		}
		if c.def == "" || !o.around.volatile(c.def) {
			continue
		}
		h := helper{fill: c.def, key: fillKey(have, t), added: true}
		if c.notNull {
			h.name = notNullCheck(t.name, c.name)
		}
		switch {
		case h.key == "":
			o.refuseColumn(t.name, c.name, "its default gives each row a value of its own, and the table has no primary key of one column that stays, by which it could be filled in batches")
		case o.around.firedBy(t.name) != "":
			o.refuseColumn(t.name, c.name, "its default gives each row a value of its own, and "+o.around.firedBy(t.name))
		case len(h.name) > longestName:
			o.refuseColumn(t.name, c.name, fmt.Sprintf("the name %s, which it needs meanwhile, is too long", ident(h.name)))
		default:
			o.checks[member{t.name, c.name}] = h
			t.columns[i].notNull, t.columns[i].defLater = false, true
		}
	}
}

// fillKey is the column by which a table can be filled, "" for none.
func fillKey(have, want *table) string {
	if key := keyOf(have); key == keyOf(want) {
		return key
	}
	return ""
}

// keyOf is the only column of the primary key, "" where there are several or none.
func keyOf(t *table) string {
	for _, c := range t.constraints {
		if c.kind == 'p' && len(c.columns) == 1 {
			return c.columns[0]
		}
	}
	return ""
}
