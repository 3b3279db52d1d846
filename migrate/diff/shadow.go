package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A column whose type changes so that PostgreSQL would write the table anew gets a shadow: a second column of the other type, which a
// trigger keeps equal, which is filled in batches, gets copies of the indexes and constraints, and takes the name in an instant. Then
// the old column is the shadow, kept equal in the same way until it is dropped, so that the way back is the same one.

// shadowing are the columns that change together: of a table, and of all tables whose columns have an enum type that is swapped.
type shadowing struct {
	tables []shadowed
	enums  []string // the types that are swapped, sorted
	gone   []string // the types that are dropped with the old columns, sorted
}

// shadowed is a table with both versions of its columns.
type shadowed struct {
	name     string
	key      string // the column by which the rows are filled
	old, new lane
}

// lane is one version of columns with what stands on them, under the names that they have while they are no shadow. All but the suffix
// is sorted by name.
type lane struct {
	suffix      string // of the names of a shadow
	columns     []column
	constraints []constraint
	indexes     []index
}

const (
	newSuffix = "_new"
	oldSuffix = "_old"
)

// shadowsLater takes the columns that need a shadow out of the goal and notes them; what cannot be done so is refused. swapped are the
// enum types that need another type in their place.
func (o *online) shadowsLater(now, target *state, swapped []string) {
	for _, name := range target.tableNames() {
		have, want := now.tables[name], target.tables[name]
		if have == nil {
			continue
		}
		columns := rewritten(have, want, swapped, o.model)
		if len(columns) == 0 {
			continue
		}
		t, reason := shadowOf(now, have, want, columns)
		if reason == "" {
			reason = o.unfit(have, columns)
		}
		if reason != "" {
			o.refuseColumn(name, strings.Join(columns, ", "), reason)
		}
		o.addShadow(t, target, swapped)
		o.goal = o.goal.with(name, func(t *table) { t.keepOld(have, columns) })
	}
	o.keepEnums(now, target)
}

// keepEnums leaves the goal the types that the old columns have.
func (o *online) keepEnums(now, target *state) {
	goal := *o.goal
	goal.enums = maps.Clone(goal.enums)
	for _, g := range o.shadows {
		for _, name := range g.enums {
			goal.enums[name] = now.enums[name]
			if len(name+newSuffix) > longestName {
				o.refuseColumn(g.tables[0].name, g.tables[0].old.columns[0].name, fmt.Sprintf("the name %s, which it needs meanwhile, is too long", ident(name+newSuffix)))
			}
			o.refuseOthers(now, target, name)
		}
		for _, name := range g.gone {
			goal.enums[name] = now.enums[name]
		}
	}
	o.goal = &goal
}

// refuseOthers refuses to swap an enum type that a new column has as well: it would get the old type, under the same name.
func (o *online) refuseOthers(now, target *state, enum string) {
	for _, name := range target.tableNames() {
		for _, c := range target.tables[name].columns {
			there := false
			if have := now.tables[name]; have != nil {
				_, there = have.column(c.name)
			}
			if c.enum == enum && !there {
				o.refuseColumn(name, c.name, fmt.Sprintf("it is new, and enum type %s is replaced in the same plan; plan one first and then the other", ident(enum)))
			}
		}
	}
}

// unfit says what of a table's triggers and generated columns keeps a trigger from keeping its shadow equal.
func (o *online) unfit(have *table, columns []string) (reason string) {
	if reason := o.around.firedBy(have.name); reason != "" {
		return reason
	}
	if last := o.around.last[have.name]; len(last) > 0 {
		return fmt.Sprintf("trigger %s fires after the one that would keep the copy equal", list(last))
	}
	for _, name := range columns {
		using := o.model.using[member{have.name, name}]
		for _, c := range have.columns {
			if c.generated != "" && (strings.Contains(using.Up, c.name) || strings.Contains(using.Down, c.name)) {
				return fmt.Sprintf("its conversion uses column %s, which is computed only after triggers have run", ident(c.name))
			}
		}
	}
	return ""
}

// rewritten are the columns, sorted, for whose change PostgreSQL would write the table anew.
func rewritten(have, want *table, swapped []string, m *Model) (names []string) {
	for _, w := range want.columns {
		h, there := have.column(w.name)
		if !there || w.generated != "" || h.generated != "" {
			continue
		}
		if slices.Contains(swapped, h.enum) || rewrites(h, w) || h.base != w.base && m.using[member{want.name, w.name}].Up != "" {
			names = append(names, w.name)
		}
	}
	slices.Sort(names)
	return names
}

// rewrites tells whether a change of type needs more than another word in the catalog (PostgreSQL manual, ALTER TABLE, Notes: the old
// type is binary coercible to the new one, or only a limit is raised). A collation alone makes indexes anew, no table.
func rewrites(have, want column) bool {
	if have.typ == want.typ {
		return false
	}
	var from, to, fromScale, toScale int
	limited := func(c column, format string, into ...any) bool {
		n, _ := fmt.Sscanf(c.typ, format, into...)
		return n == len(into)
	}
	const varying, exact = "character varying(%d)", "numeric(%d,%d)"
	text := func(base string) bool { return base == "text" || base == "character varying" }
	switch {
	case have.array || want.array:
		return true
	case text(have.base) && text(want.base):
		if !limited(want, varying, &to) {
			return false
		}
		return !limited(have, varying, &from) || to < from
	case have.base == "numeric" && want.base == "numeric":
		if !limited(want, exact, &to, &toScale) {
			return false
		}
		return !limited(have, exact, &from, &fromScale) || toScale != fromScale || to < from
	}
	return true
}

// shadowOf collects what stands on the columns, or says why they cannot have a shadow.
func shadowOf(now *state, have, want *table, columns []string) (t shadowed, reason string) {
	t = shadowed{name: have.name, key: keyOf(have), old: lane{suffix: oldSuffix}, new: lane{suffix: newSuffix}}
	if reason := keyReason(now, have.name, columns); reason != "" {
		return t, reason
	}
	switch {
	case have.partitioned || have.child:
		return t, "the table is partitioned or inherits"
	case t.key == "" || t.key != keyOf(want):
		return t, "the table has no primary key of one column that stays, by which it could be filled in batches"
	}
	for _, name := range columns {
		h, _ := have.column(name)
		w, _ := want.column(name)
		if h.identity != "" || w.identity != "" || h.serial != "" || w.serial != "" {
			return t, "it numbers its rows by a sequence"
		}
		t.old.columns, t.new.columns = append(t.old.columns, h), append(t.new.columns, w)
	}
	for _, side := range []struct {
		t    *table
		lane *lane
	}{{have, &t.old}, {want, &t.new}} {
		if reason := side.lane.collect(side.t, columns); reason != "" {
			return t, reason
		}
		for _, name := range append(side.lane.names(have.name), functionName(have.name)) {
			if len(name) > longestName {
				return t, fmt.Sprintf("the name %s, which it needs meanwhile, is too long", ident(name))
			}
		}
	}
	for _, l := range []lane{t.old, t.new} {
		for _, c := range l.columns {
			for _, s := range []*table{have, want} {
				if _, taken := s.column(c.name + l.suffix); taken {
					return t, fmt.Sprintf("a column has the name %s, which it needs meanwhile", ident(c.name+l.suffix))
				}
			}
		}
		for _, c := range l.constraints {
			for _, name := range c.columns {
				if _, stays := want.column(name); !stays {
					return t, fmt.Sprintf("%s also has column %s, which is dropped", c.object(have.name), ident(name))
				}
			}
		}
		for _, i := range l.indexes {
			if !hasColumns(want, i.columns) {
				return t, fmt.Sprintf("%s also has a column that is dropped", i.object())
			}
		}
	}
	return t, ""
}

// collect notes what stands on the columns, or says what of it cannot have a copy.
func (l *lane) collect(t *table, columns []string) (reason string) {
	touches := func(names []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(columns, n) })
	}
	for _, c := range t.columns {
		if c.generated != "" && touches(c.uses) {
			return fmt.Sprintf("column %s is computed from it", ident(c.name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.constraints)) {
		switch c := t.constraints[name]; {
		case !touches(c.columns):
		case c.child || c.kind != 'c' && c.kind != 'f':
			return "it is part of " + c.object(t.name)
		case strings.Contains(c.def, "SET NULL (") || strings.Contains(c.def, "SET DEFAULT ("):
			return c.object(t.name) + " names it in its action"
		default:
			l.constraints = append(l.constraints, c)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(t.indexes)) {
		switch i := t.indexes[name]; {
		case !touches(i.columns):
		case i.child || i.partialOn:
			return "it is part of " + i.object()
		default:
			l.indexes = append(l.indexes, i)
		}
	}
	return ""
}

// names are those that a shadow needs.
func (l *lane) names(table string) (names []string) {
	for _, c := range l.columns {
		names = append(names, c.name+l.suffix, filledName(table, c.name))
	}
	for _, c := range l.constraints {
		names = append(names, c.name+l.suffix)
	}
	for _, i := range l.indexes {
		names = append(names, i.name+l.suffix)
	}
	return names
}

// keyReason is for columns that foreign keys of other tables refer to: those would have to change in the same instant.
func keyReason(now *state, table string, columns []string) string {
	for _, name := range now.tableNames() {
		for _, fk := range slices.Sorted(maps.Keys(now.tables[name].constraints)) {
			c := now.tables[name].constraints[fk]
			if c.kind == 'f' && c.refs == table && slices.ContainsFunc(c.refCols, func(n string) bool { return slices.Contains(columns, n) }) {
				return "foreign key " + name + "." + fk + " refers to it; by hand (plinth new) it takes: " + keySteps(table, c.refCols[0], name, c.columns[0], fk)
			}
		}
	}
	return ""
}

// keySteps are the steps that change a key with a foreign key that refers to it.
func keySteps(table, key, other, column, fk string) string {
	steps := []string{
		fmt.Sprintf("add %s.%s_new and %s.%s_new of the new type, each kept equal by a trigger BEFORE INSERT OR UPDATE", table, key, other, column),
		"fill both in batches that commit",
		fmt.Sprintf("CREATE UNIQUE INDEX CONCURRENTLY on %s (%s_new), and an index on %s (%s_new)", table, key, other, column),
		fmt.Sprintf("ADD CONSTRAINT %s_new FOREIGN KEY (%s_new) REFERENCES %s (%s_new) NOT VALID, then VALIDATE it in a file of its own", fk, column, table, key),
		fmt.Sprintf("in one short transaction drop %s and the primary key of %s, rename all four columns, and ADD PRIMARY KEY USING INDEX", fk, table),
		"drop triggers and old columns",
	}
	var b strings.Builder
	for i, s := range steps {
		fmt.Fprintf(&b, "(%d) %s; ", i+1, s)
	}
	return strings.TrimSuffix(b.String(), "; ")
}

// keepOld gives a table of the goal the old columns with what stands on them.
func (t *table) keepOld(have *table, columns []string) {
	touches := func(names []string) bool {
		return slices.ContainsFunc(names, func(n string) bool { return slices.Contains(columns, n) })
	}
	for i, c := range t.columns {
		if slices.Contains(columns, c.name) {
			t.columns[i], _ = have.column(c.name)
		}
	}
	maps.DeleteFunc(t.constraints, func(_ string, c constraint) bool { return touches(c.columns) })
	maps.DeleteFunc(t.indexes, func(_ string, i index) bool { return touches(i.columns) })
	for name, c := range have.constraints {
		if touches(c.columns) {
			t.constraints[name] = c
		}
	}
	for name, i := range have.indexes {
		if touches(i.columns) {
			t.indexes[name] = i
		}
	}
}

// addShadow joins a table to those with which it shares an enum type that is swapped or goes.
func (o *online) addShadow(t shadowed, target *state, swapped []string) {
	g := shadowing{tables: []shadowed{t}}
	for _, c := range t.old.columns {
		switch {
		case slices.Contains(swapped, c.enum):
			g.enums = append(g.enums, c.enum)
		case c.enum != "" && target.enums[c.enum] == nil:
			g.gone = append(g.gone, c.enum)
		}
	}
	types := slices.Concat(g.enums, g.gone)
	o.shadows = slices.DeleteFunc(o.shadows, func(other shadowing) bool {
		shared := slices.ContainsFunc(slices.Concat(other.enums, other.gone), func(e string) bool { return slices.Contains(types, e) })
		if shared {
			g.tables, g.enums, g.gone = slices.Concat(other.tables, g.tables), slices.Concat(other.enums, g.enums), slices.Concat(other.gone, g.gone)
		}
		return shared
	})
	slices.Sort(g.enums)
	slices.Sort(g.gone)
	g.enums, g.gone = slices.Compact(g.enums), slices.Compact(g.gone)
	o.shadows = append(o.shadows, g)
}
