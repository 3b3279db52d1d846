package diff

import (
	"maps"
	"slices"
	"strings"
)

// planner writes the script that leads from one state to another. The order of its steps is what PostgreSQL needs: whatever stands
// on a thing goes before it and comes back after it.
type planner struct {
	script
	from, to *state
	model    *Model // for names in messages
	purpose  purpose
	up       bool // refuse what is not safe, and say what a down cannot bring back
	// What is detached from and attached to tables that both states have; the same name in both means rebuilt.
	detach, attach map[member]bool
	retyped        map[member]bool // columns whose type, default included, was changed on the way
	replaced       map[member]bool // generated columns that go and come back
	deferred       map[member]bool // foreign keys that change when they are checked
	guards         []statement     // what stops the script before its first statement
	objects        objectPlan
}

// purpose is what a script is for.
type purpose int

const (
	goForth purpose = iota // an up: what is not safe is refused
	goBack                 // a down
	show                   // an up that is shown only, or must be empty
)

// member is a constraint, an index or a column of a table.
type member struct{ table, name string }

func plan(from, to *state, m *Model, why purpose) *script {
	p := &planner{
		from: from, to: to, model: m, purpose: why, up: why == goForth,
		detach: make(map[member]bool), attach: make(map[member]bool), retyped: make(map[member]bool),
		replaced: make(map[member]bool), deferred: make(map[member]bool),
	}
	p.findReplaced()
	p.findMembers()
	p.findObjects()
	p.dropObjectsOnTables()
	p.dropForeignKeys()
	p.dropIndexes()
	p.dropConstraints()
	p.dropObjectsUnderTables()
	p.dropTables()
	p.stopGenerating()
	p.dropReplaced()
	p.dropColumns()
	p.createEnums()
	p.swapEnums()
	p.makeObjectsUnderTables()
	p.createTables()
	p.alterTables()
	p.addConstraints()
	p.addIndexes()
	p.addForeignKeys()
	p.deferForeignKeys()
	p.validateConstraints()
	p.commentTables()
	p.makeObjectsOnTables()
	p.dropObjectsLast()
	p.dropEnums()
	p.checkAgain()
	p.noteMembers()
	p.findAlike()
	p.statements = slices.Concat(p.guards, p.statements)
	p.seeAllRows()
	return &p.script
}

// seeAllRows makes a script that goes by the rows fail where policies would hide some from it: with row_security off PostgreSQL refuses
// what it would otherwise filter. Policies hold for a table's owner only where they are forced.
func (p *planner) seeAllRows() {
	goesByRows := func(st statement) bool {
		return strings.HasPrefix(st.sql, "UPDATE ") || strings.HasPrefix(st.sql, "DO ") || strings.HasPrefix(st.sql, "SELECT setval(")
	}
	if (p.from.forcesPolicies() || p.to.forcesPolicies()) && slices.ContainsFunc(p.statements, goesByRows) {
		all := statement{"fail if policies hide rows from this role: it needs BYPASSRLS then", "SET LOCAL row_security = off"}
		p.statements = slices.Insert(p.statements, 0, all)
	}
}

// forcesPolicies tells whether policies hold for the owner of a table too.
func (s *state) forcesPolicies() bool {
	return s.objects != nil && slices.ContainsFunc(s.objects.sorted(), func(n node) bool { return n.Kind == kindForced })
}

// both are the names of the tables that both states have, partitions left out: they follow their parents.
func (p *planner) both() []string {
	return slices.DeleteFunc(p.from.tableNames(), func(name string) bool {
		return p.to.tables[name] == nil || p.from.tables[name].child
	})
}

// rebased tells whether a column gets another type, so that text which was compiled against the old one may not fit: more than
// another length or precision.
func (p *planner) rebased(table, column string) bool {
	have, want := p.from.tables[table], p.to.tables[table]
	if have == nil || want == nil {
		return false
	}
	h, ok1 := have.column(column)
	w, ok2 := want.column(column)
	return ok1 && ok2 && (h.base != w.base || slices.Contains(p.swapped(), h.enum))
}

func (p *planner) anyRebased(table string, columns []string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return p.rebased(table, c) })
}

func (p *planner) anySwapped(enums []string) bool {
	names := p.swapped()
	return slices.ContainsFunc(enums, func(e string) bool { return slices.Contains(names, e) })
}

// findMembers decides what is detached and attached. Foreign keys come last: they stand on keys.
func (p *planner) findMembers() {
	for _, table := range p.both() {
		have, want := p.from.tables[table], p.to.tables[table]
		for name, c := range have.constraints {
			if c.kind != 'f' {
				w, ok := want.constraints[name]
				p.decide(table, name, c.child, ok, c.def == w.def || isValidated(c, w), p.rebuilds(table, c) || p.anyReplaced(table, c.columns))
			}
		}
		for name, i := range have.indexes {
			w, ok := want.indexes[name]
			same := i.def == w.def && i.unique == w.unique
			p.decide(table, name, i.child, ok, same, p.anyReplaced(table, i.columns) || i.computed && (p.anyRebased(table, i.columns) || p.anySwapped(i.enums)))
		}
		p.findNew(table)
	}
	for _, table := range p.both() {
		have, want := p.from.tables[table], p.to.tables[table]
		for name, c := range have.constraints {
			if c.kind == 'f' {
				w, ok := want.constraints[name]
				rebuild := p.anyRebased(table, c.columns) || p.anyRebased(c.refs, c.refCols) || p.detach[member{c.refs, c.refKey}] ||
					p.anyReplaced(table, c.columns) || p.anyReplaced(c.refs, c.refCols)
				p.deferred[member{table, name}] = ok && !rebuild && !c.child && isDeferred(c, w)
				p.decide(table, name, c.child, ok, c.def == w.def || isValidated(c, w) || isDeferred(c, w), rebuild)
			}
		}
	}
}

func (p *planner) decide(table, name string, child, wanted, same, rebuild bool) {
	switch m := (member{table, name}); {
	case child:
	case !wanted:
		p.detach[m] = true
	case !same || rebuild:
		p.detach[m], p.attach[m] = true, true
	}
}

func (p *planner) findNew(table string) {
	have, want := p.from.tables[table], p.to.tables[table]
	for name := range maps.Keys(want.constraints) {
		if _, ok := have.constraints[name]; !ok {
			p.attach[member{table, name}] = true
		}
	}
	for name := range maps.Keys(want.indexes) {
		if _, ok := have.indexes[name]; !ok {
			p.attach[member{table, name}] = true
		}
	}
}

// rebuilds tells whether a constraint that stays the same has to make way. Primary keys and unique constraints need not: PostgreSQL
// builds plain columns anew by itself.
func (p *planner) rebuilds(table string, c constraint) bool {
	return (c.kind == 'c' || c.kind == 'x') && (p.anyRebased(table, c.columns) || p.anySwapped(c.enums))
}

// isDeferred tells whether the only difference is when the foreign key is checked.
func isDeferred(have, want constraint) bool {
	return have.def != want.def && strings.HasSuffix(have.def, notValid) == strings.HasSuffix(want.def, notValid) && sayable(have.def) == sayable(want.def)
}

// isValidated tells whether the only difference is that the rows are now checked.
func isValidated(have, want constraint) bool {
	return have.def != want.def && trimNotValid(have.def) == want.def
}
