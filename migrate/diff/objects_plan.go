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
			if p.changesBelow(want, c) {
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

// users turns the dependencies round: who stands on what.
func (o *objects) users() map[node][]node {
	users := make(map[node][]node)
	for _, n := range o.sorted() {
		for d := range o.all[n].deps {
			users[d] = append(users[d], n)
		}
	}
	for member, on := range o.uses {
		for d := range on {
			users[d] = append(users[d], member)
		}
	}
	return users
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

// underTables are the objects that tables stand on, directly or through other objects.
func (o *objects) underTables() map[node]bool {
	set := make(map[node]bool)
	var visit func(map[node]bool)
	visit = func(on map[node]bool) {
		for d := range on {
			if x := o.all[d]; x != nil && !set[d] {
				set[d] = true
				visit(x.deps)
			}
		}
	}
	for _, on := range o.uses {
		visit(on)
	}
	return set
}

// inOrder puts each object of the set behind those that it stands on, and a routine behind those that its text names, as far as that
// goes: the catalogs do not know what a string holds.
func (o *objects) inOrder(set map[node]bool) (order []node) {
	done := make(map[node]bool)
	var visit func(n node)
	visit = func(n node) {
		if done[n] || !set[n] || o.all[n] == nil {
			return
		}
		done[n] = true
		for _, d := range slices.SortedFunc(maps.Keys(o.all[n].deps), compareNodes) {
			visit(d)
		}
		for _, d := range o.named(n, set) {
			if !o.reaches(d, n) {
				visit(d)
			}
		}
		order = append(order, n)
	}
	for _, n := range o.sorted() {
		visit(n)
	}
	return order
}

// named are those of the set whose names a routine's text holds.
func (o *objects) named(n node, set map[node]bool) (names []node) {
	if !n.isRoutine() {
		return nil
	}
	for d := range set {
		if d != n && d.Table == "" && o.all[n].names(d) {
			names = append(names, d)
		}
	}
	slices.SortFunc(names, compareNodes)
	return names
}

// names tells whether the object's text holds n's name, as a word.
func (o *object) names(n node) bool {
	name := n.routine()
	if n.Schema != "" {
		name = n.Schema + "." + name
	}
	part := func(c byte) bool {
		return c == '_' || c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || c >= 0x80
	}
	for at, rest := 0, o.Def; ; {
		i := strings.Index(rest, name)
		if i < 0 {
			return false
		}
		at, rest = at+i+len(name), rest[i+len(name):]
		before := at - len(name) - 1
		if (before < 0 || !part(o.Def[before])) && (rest == "" || !part(rest[0])) {
			return true
		}
	}
}

// reaches tells whether from stands on to, directly or through others.
func (o *objects) reaches(from, to node) bool {
	seen := make(map[node]bool)
	var visit func(n node) bool
	visit = func(n node) bool {
		if n == to {
			return true
		}
		if seen[n] || o.all[n] == nil {
			return false
		}
		seen[n] = true
		for d := range o.all[n].deps {
			if visit(d) {
				return true
			}
		}
		return false
	}
	return visit(from)
}
