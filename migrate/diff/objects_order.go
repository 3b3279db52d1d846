package diff

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

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
	return strings.Contains(o.Def, name) && regexp.MustCompile(`(^|\W)`+regexp.QuoteMeta(name)+`($|\W)`).MatchString(o.Def)
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
