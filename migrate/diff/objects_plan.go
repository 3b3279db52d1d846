package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// objectPlan is what happens to objects. What is in dropped and made is rebuilt.
type objectPlan struct {
	dropped, made map[node]bool
	replaced      map[node]bool // in place
	way           map[node]bool // of dropped: in the way of something, and so dropped before it
	base          map[node]bool // of the target: what its tables stand on
	under         map[node]bool // of the state before: what its tables stand on
	force         map[node]bool // to be made anew though it is the same
	defaults      []member      // columns whose default stands on a rebuilt object
	ready         map[node]bool // of made and replaced: those that were
	unchecked     bool          // bodies of functions are no longer checked
}

// findObjects decides what is dropped, made and replaced. A change that cannot be made in place takes everything that stands on
// the object along, and so does a change of a table that PostgreSQL refuses while something stands on it.
func (p *planner) findObjects() {
	o := &p.objects
	o.dropped, o.made, o.replaced, o.way = make(map[node]bool), make(map[node]bool), make(map[node]bool), make(map[node]bool)
	o.ready = make(map[node]bool)
	o.base, o.under = p.to.objects.underTables(), p.from.objects.underTables()
	queue := p.changedTables()
	for _, n := range p.from.objects.sorted() {
		have, want := p.from.objects.all[n], p.to.objects.all[n]
		switch {
		case want == nil:
			o.dropped[n] = true
			if !n.goesLast() || p.takesName(n) {
				queue = append(queue, n)
			}
		case sameObject(have, want) && !o.force[n]:
		case replaceable(have, want):
			o.replaced[n] = true
		default:
			o.dropped[n], o.made[n] = true, true
			queue = append(queue, n)
		}
	}
	for _, n := range p.to.objects.sorted() {
		if p.from.objects.all[n] == nil {
			o.made[n] = true
		}
	}
	p.clearTheWay(queue)
}

// goesLast tells the kinds that others may still stand on while they are changed.
func (n node) goesLast() bool {
	return n.isRoutine() || n.Kind == kindExtension || n.Kind == kindSchema
}

// takesName tells whether a routine has to go before others are made: they have its name, and calls in what is made could mean it.
func (p *planner) takesName(n node) bool {
	for other := range p.to.objects.all {
		if n.isRoutine() && other.isRoutine() && other.Schema == n.Schema && other.routine() == n.routine() {
			return true
		}
	}
	return false
}

// routine is its name without arguments. A type's name may hold a parenthesis, but hardly does.
func (n node) routine() string {
	if at := strings.LastIndexByte(n.Name, '('); at >= 0 {
		return n.Name[:at]
	}
	return n.Name
}

// changedTables are the parts of tables that a change of type, or the drop, is refused for while something stands on them.
func (p *planner) changedTables() (list []node) {
	for _, table := range p.from.tableNames() {
		have, want := p.from.tables[table], p.to.tables[table]
		if want == nil {
			list = append(list, node{Kind: kindTable, Name: table})
		}
		for _, c := range have.columns {
			if p.replaced[member{table, c.name}] || p.changesBelow(want, c) {
				list = append(list, node{Kind: kindColumn, Table: table, Name: c.name})
			}
		}
	}
	for m := range p.detach {
		list = append(list, node{Kind: kindConstraint, Table: m.table, Name: m.name})
	}
	for name := range p.from.enums {
		if p.to.enums[name] == nil || slices.Contains(p.swapped(), name) {
			list = append(list, node{Kind: kindEnum, Name: name})
		}
	}
	return list
}

// changesBelow tells whether what stands on a column has to make way for what becomes of it.
func (p *planner) changesBelow(want *table, have column) bool {
	if want == nil {
		return true
	}
	w, ok := want.column(have.name)
	return !ok || w.typ != have.typ || w.collation != have.collation || slices.Contains(p.swapped(), have.enum)
}

// clearTheWay drops what stands on the nodes of the queue, and on that again, and makes again what stays.
func (p *planner) clearTheWay(queue []node) {
	o, users := &p.objects, p.from.objects.users()
	for len(queue) > 0 {
		n := queue[0]
		queue = queue[1:]
		if o.way[n] {
			continue
		}
		o.way[n] = true
		for _, user := range users[n] {
			if p.from.objects.all[user] == nil {
				queue = append(queue, p.freeMember(user)...)
				continue
			}
			queue = append(queue, user)
			o.dropped[user] = true
			delete(o.replaced, user)
			if w := p.to.objects.all[user]; w != nil {
				o.made[user] = true
				p.refuseLost(w)
			}
		}
	}
	slices.SortFunc(o.defaults, func(a, b member) int { return strings.Compare(a.table+"."+a.name, b.table+"."+b.name) })
	o.defaults = slices.Compact(o.defaults)
}

// freeMember takes what stands on a rebuilt object off its table, to be put on again; the result may have something standing on it.
func (p *planner) freeMember(user node) []node {
	have, want := p.from.tables[user.Table], p.to.tables[user.Table]
	if user.Schema != "" || have == nil || want == nil {
		return nil
	}
	m := member{user.Table, user.Name}
	switch user.Kind {
	case kindConstraint:
		_, was := have.constraints[user.Name]
		if _, stays := want.constraints[user.Name]; was && !p.detach[m] {
			p.detach[m], p.attach[m] = true, stays
			return []node{user}
		}
	case kindIndex:
		_, was := have.indexes[user.Name]
		if _, stays := want.indexes[user.Name]; was && !p.detach[m] {
			p.detach[m], p.attach[m] = true, stays
		}
	case kindDefault:
		w, stays := want.column(user.Name)
		if stays && w.generated != "" && p.up {
			p.refuse(fmt.Sprintf("column %s.%s is generated by a function that has to be dropped and made again, and PostgreSQL would have to compute all its values anew", user.Table, user.Name),
				"write the change by hand (plinth new): drop the column, change the function, add the column again")
		}
		if stays {
			p.objects.defaults = append(p.objects.defaults, m)
		}
	}
	return nil
}

// refuseLost refuses to take down by hand what could not be made again.
func (p *planner) refuseLost(o *object) {
	if !o.byHand || !p.up {
		return
	}
	for _, d := range slices.SortedFunc(maps.Keys(o.deps), compareNodes) {
		if p.goes(d) {
			p.refuse(fmt.Sprintf("%s, made by hand, stands on %s, which the plan drops", o.node, d),
				"drop or change it in a migration by hand first (plinth new), or describe it in the schema folder's sql/, so that diff plans it")
			return
		}
	}
}

// goes tells whether a thing of the state before is not in the target.
func (p *planner) goes(n node) bool {
	switch n.Kind {
	case kindTable:
		return n.Schema == "" && p.to.tables[n.Name] == nil
	case kindColumn:
		t := p.to.tables[n.Table]
		if n.Schema != "" || t == nil {
			return n.Schema == ""
		}
		_, ok := t.column(n.Name)
		return !ok
	case kindEnum:
		return n.Schema == "" && p.to.enums[n.Name] == nil
	default:
		return p.from.objects.all[n] != nil && p.to.objects.all[n] == nil
	}
}
