package diff

import (
	"maps"
	"slices"
	"strings"
)

func (c constraint) node(table string) node {
	return node{Kind: kindConstraint, Table: table, Name: c.name}
}
func (i index) node() node { return node{Kind: kindIndex, Name: i.name} }

// annotated are the members of a table, with their definitions, that the schema code can say by annotations only, so that the catalogs
// do not tell whether they are its own or were made by hand.
func (t *table) annotated() map[node]string {
	members := make(map[node]string)
	if t == nil {
		return members
	}
	for _, c := range t.constraints {
		if c.kind == 'u' || c.kind == 'x' || strings.Contains(c.def, deferrable) {
			members[c.node(t.name)] = c.def
		}
	}
	for _, i := range t.indexes {
		if i.byHand {
			members[i.node()] = i.def
		}
	}
	return members
}

// noteMembers says in directives which of such members the file makes and drops.
func (p *planner) noteMembers() {
	names := slices.Compact(slices.Sorted(slices.Values(append(p.from.tableNames(), p.to.tableNames()...))))
	for _, name := range names {
		have, want := p.from.tables[name].annotated(), p.to.tables[name].annotated()
		for _, n := range slices.SortedFunc(maps.Keys(have), compareNodes) {
			if _, stays := want[n]; !stays {
				p.objectDirective(droppedDirective, n)
			}
		}
		for _, n := range slices.SortedFunc(maps.Keys(want), compareNodes) {
			if def, same := have[n]; !same || def != want[n] {
				p.objectDirective(objectsDirective, n)
			}
		}
	}
}

// membersFollow is followRenames for them.
func (w *work) membersFollow(up *script) {
	now := make(map[int64]node)
	for _, t := range w.states[1].tables {
		for _, c := range t.constraints {
			now[c.oid] = c.node(t.name)
		}
		for _, i := range t.indexes {
			now[i.oid] = i.node()
		}
	}
	follow := func(oid int64, old node) {
		if n := now[oid]; n != old && w.model.managed[old.String()] {
			w.model.managed[n.String()] = true
			up.objects = append(up.objects, droppedDirective+" "+old.String(), objectsDirective+" "+n.String())
		}
	}
	for _, name := range w.states[0].tableNames() {
		t := w.states[0].tables[name]
		for _, c := range slices.Sorted(maps.Keys(t.constraints)) {
			follow(t.constraints[c].oid, t.constraints[c].node(name))
		}
		for _, i := range slices.Sorted(maps.Keys(t.indexes)) {
			follow(t.indexes[i].oid, t.indexes[i].node())
		}
	}
}
