package diff

import (
	"fmt"
	"maps"
	"slices"
)

// An index of a table that exists is built CONCURRENTLY in a file of its own, under another name where one that changes has its name, and
// dropped so. What cannot be done so is refused: in a file with a transaction writers would wait for the build.

// columnsLater keeps the columns that go as long as an index stands on them in whose place another comes.
func (o *online) columnsLater(now *state) {
	for _, name := range o.goal.tableNames() {
		have := now.tables[name]
		if have == nil || have.partitioned || have.child {
			continue
		}
		for _, i := range slices.Sorted(maps.Keys(have.indexes)) {
			old := have.indexes[i]
			if want, stays := o.goal.tables[name].indexes[i]; !stays || !changes(old, want) || hasColumns(o.goal.tables[name], old.columns) {
				continue
			}
			o.columns = true
			o.goal = o.goal.with(name, func(t *table) {
				for _, c := range have.columns {
					if _, stays := t.column(c.name); !stays && slices.Contains(old.columns, c.name) {
						t.columns = append(t.columns, c)
					}
				}
			})
		}
	}
}

func changes(old, want index) bool { return old.def != want.def || old.unique != want.unique }

func (o *online) indexesLater(now, target *state, have, t *table) {
	for _, name := range slices.Sorted(maps.Keys(t.indexes)) {
		want := t.indexes[name]
		old, there := have.indexes[name]
		_, taken := have.constraints[name]
		m := member{t.name, name}
		switch {
		case taken || want.child || old.child || there && !changes(old, want):
			continue
		case o.refuseIndex(now, target, m, there):
			continue
		case there:
			o.stand[m] = standIn(name)
			old.comment = want.comment
			t.indexes[name] = old
		default:
			delete(t.indexes, name)
		}
		o.indexes = append(o.indexes, m)
	}
	for _, name := range slices.Sorted(maps.Keys(have.indexes)) {
		old := have.indexes[name]
		_, stays := t.indexes[name]
		_, taken := t.constraints[name]
		if !stays && !taken && !old.child && !slices.Contains(o.indexes, member{t.name, name}) && allStay(t, old.columns) && !builtAnew(have, t, old.columns, old.computed) {
			o.gone = append(o.gone, member{t.name, name})
			t.indexes[name] = old
		}
	}
	o.refuseBuiltAnew(have, t)
}

// refuseIndex tells whether an index that comes, or changes, was refused.
func (o *online) refuseIndex(now, target *state, m member, there bool) bool {
	k := keyed{table: m.table, old: standing{name: m.name}, new: standing{name: m.name}}
	reason := k.referrer(target, target)
	switch {
	case reason != "" && k.referrer(now, target) == "":
		reason += ", which is new, refers to it; plan one first and then the other"
	case reason != "":
		reason += " refers to it"
	case there:
		reason = o.nameReason(target, standIn(m.name), retired(m.name))
	}
	if reason != "" {
		o.refuse("index "+m.name, reason)
	}
	return reason != ""
}

// nameReason says why indexes cannot have names meanwhile; "" if they can.
func (o *online) nameReason(target *state, names ...string) string {
	for _, name := range names {
		switch {
		case len(name) > longestName:
			return fmt.Sprintf("the name %s, which it needs meanwhile, is too long", ident(name))
		case o.around.relations[name] || target.relations()[name] != "":
			return fmt.Sprintf("another has the name %s, which it needs meanwhile", ident(name))
		}
	}
	return ""
}

// relations are the names of tables, indexes and keys, which are one kind of name in PostgreSQL, each with its table.
func (s *state) relations() map[string]string {
	names := make(map[string]string)
	for _, t := range s.tables {
		names[t.name] = t.name
		for name := range t.indexes {
			names[name] = t.name
		}
		for name, c := range t.constraints {
			if isKey(c) || c.kind == 'x' {
				names[name] = t.name
			}
		}
	}
	return names
}

// allStay tells whether the table keeps the columns; an index on none of them, on an expression alone, is none that can be told.
func allStay(t *table, columns []string) bool {
	return len(columns) > 0 && hasColumns(t, columns)
}

func standIn(name string) string { return name + "_new" }

// builtAnew tells whether PostgreSQL makes an index anew with one of its columns, which is in both: where text compares in another way,
// and where it computes something of another type.
func builtAnew(have, want *table, columns []string, computed bool) bool {
	return slices.ContainsFunc(columns, func(name string) bool {
		h, there := have.column(name)
		w, stays := want.column(name)
		return there && stays && (h.collation != w.collation || computed && h.base != w.base)
	})
}

// refuseBuiltAnew refuses what makes an index anew that stays, or stays for a while.
func (o *online) refuseBuiltAnew(have, t *table) {
	const reason = "a column of it gets another type or collation, with which PostgreSQL builds it anew under a lock"
	for _, name := range slices.Sorted(maps.Keys(have.indexes)) {
		old := have.indexes[name]
		if _, stays := t.indexes[name]; stays && !old.child && builtAnew(have, t, old.columns, old.computed) {
			o.refuse(old.object(), reason)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(have.constraints)) {
		c := have.constraints[name]
		if _, stays := t.constraints[name]; stays && isKey(c) && !c.child && builtAnew(have, t, c.columns, false) {
			o.refuse(c.object(t.name), reason)
		}
	}
}
