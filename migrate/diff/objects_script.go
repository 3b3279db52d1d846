package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// dropObjectsOnTables drops what is in the way of changes to tables, and what goes and stands on others.
func (p *planner) dropObjectsOnTables() {
	p.dropObjects(func(n node) bool { return p.objects.way[n] && !p.objects.under[n] })
}

// dropObjectsUnderTables drops functions and the like when nothing of a table stands on them any more.
func (p *planner) dropObjectsUnderTables() {
	for _, m := range p.objects.defaults {
		p.do(modify(m.table), "%sALTER COLUMN %s DROP DEFAULT", alter(m.table), ident(m.name))
	}
	p.dropObjects(func(n node) bool { return p.objects.way[n] && p.objects.under[n] })
}

// dropObjectsLast drops what others stood on until they were changed.
func (p *planner) dropObjectsLast() {
	p.dropObjects(func(n node) bool { return !p.objects.way[n] })
}

func (p *planner) dropObjects(now func(node) bool) {
	for _, n := range slices.Backward(p.from.objects.inOrder(p.objects.dropped)) {
		switch {
		case !now(n):
		case p.objects.made[n]:
			p.do("rebuild "+n.String()+": drop", "%s", n.drop())
		case !n.ownerStays(p.from, p.to.objects, p.to.tables): // and goes with it
			p.objectDirective(droppedDirective, n)
		default:
			p.change("drop", n.String(), "drop "+n.String(), n.drop())
			p.objectDirective(droppedDirective, n)
			if o := p.from.objects.all[n]; n.Kind == kindExtension && (o.Tables || len(p.from.objects.users()[n]) > 0) {
				p.drops = append(p.drops, n.String())
				p.lose("what " + n.String() + " held")
			}
		}
	}
}

func (p *planner) objectDirective(directive string, n node) {
	if p.up {
		p.script.objects = append(p.script.objects, directive+" "+n.String())
	}
}

// makeObjectsUnderTables makes what tables stand on, and puts back the defaults that stood on rebuilt functions.
func (p *planner) makeObjectsUnderTables() {
	p.makeObjects(func(n node) bool { return p.objects.base[n] })
	for _, m := range p.objects.defaults {
		have, _ := p.from.tables[m.table].column(m.name)
		if want, _ := p.to.tables[m.table].column(m.name); want.def == have.def && want.def != "" {
			p.do(modify(m.table), "%sALTER COLUMN %s%s", alter(m.table), ident(m.name), setDefault(want))
		}
	}
}

// makeObjectsOnTables makes and changes the rest, and then what is said about objects beside their definition.
func (p *planner) makeObjectsOnTables() {
	p.makeObjects(func(n node) bool { return !p.objects.base[n] })
	for _, n := range p.to.objects.sorted() {
		if have := p.from.objects.all[n]; have != nil && !p.objects.made[n] && !p.objects.replaced[n] {
			p.remark(have, p.to.objects.all[n])
		}
	}
}

func (p *planner) makeObjects(now func(node) bool) {
	set := maps.Clone(p.objects.made)
	maps.Copy(set, p.objects.replaced)
	for _, n := range p.to.objects.inOrder(set) {
		if now(n) {
			p.makeObject(n)
		}
	}
}

func (p *planner) makeObject(n node) {
	have, want := p.from.objects.all[n], p.to.objects.all[n]
	p.uncheck(want)
	p.objects.ready[n] = true
	var (
		verb, comment string
		sql           []string
	)
	switch {
	case p.objects.replaced[n]:
		verb, comment = "change", "change "+n.String()
		sql = append(replace(have, want), p.remarks(have, want)...)
	case have == nil:
		verb, comment = "add", "create "+n.String()+want.unread()
		sql = append([]string{want.create()}, p.remarks(nil, want)...)
	default:
		verb, comment = "change", "rebuild "+n.String()+want.unread()
		sql = append([]string{want.create()}, p.remarks(nil, want)...)
		if sameObject(have, want) && maps.Equal(have.comments, want.comments) && maps.Equal(have.grants, want.grants) {
			for _, q := range sql {
				p.do(comment, "%s", q)
			}
			return
		}
	}
	if n.Kind == kindExtension && have != nil && want.pinned && have.Version != want.Version {
		p.lose("version " + have.Version + " of " + n.String())
	}
	p.change(verb, n.String(), comment, sql...)
	if have != nil && p.objects.made[n] {
		c := &p.changes[len(p.changes)-1]
		c.SQL = n.drop() + ";\n" + c.SQL
	}
	p.own(want)
}

// own writes down that the object is the model's, so that a later plan drops it when the model does.
func (p *planner) own(o *object) {
	if o.byHand {
		return
	}
	p.objectDirective(objectsDirective, o.node)
	privileges := node{Kind: kindPrivileges, Name: o.String()}
	switch {
	case !o.granted:
	case maps.Equal(o.grants, p.to.objects.given(o.node)): // what a plan granted is taken back, and the next grant may be made by hand
		p.objectDirective(droppedDirective, privileges)
	default:
		p.objectDirective(objectsDirective, privileges)
	}
}

// remark writes what differs beside the definition of an object that stays as it is.
func (p *planner) remark(have, want *object) {
	if sql := p.remarks(have, want); len(sql) > 0 {
		p.change("change what is said about", want.String(), "change "+want.String(), sql...)
		p.own(want)
	}
}

// uncheck lets functions be made before what their bodies name. The server checked them when the model was built.
func (p *planner) uncheck(o *object) {
	if !o.SQLBody || p.objects.unchecked || !p.mayNameNew(o) {
		return
	}
	p.objects.unchecked = true
	p.do("a function below names what is made after it; its body was checked when this was planned", "SET check_function_bodies = off")
}

func (p *planner) checkAgain() {
	if p.objects.unchecked {
		p.do("functions are checked again", "RESET check_function_bodies")
	}
}

// mayNameNew tells whether a function's text holds the name of something that this plan has still to make.
func (p *planner) mayNameNew(o *object) bool {
	for _, set := range []map[node]bool{p.objects.made, p.objects.replaced} {
		for n := range set {
			if n != o.node && !p.objects.ready[n] && n.Table == "" && o.names(n) {
				return true
			}
		}
	}
	if !p.objects.base[o.node] {
		return false // the tables are there
	}
	for name, t := range p.to.tables {
		have := p.from.tables[name]
		if o.names(node{Name: name}) && (have == nil || slices.ContainsFunc(t.columns, func(c column) bool { h, _ := have.column(c.name); return h.typ != c.typ })) {
			return true
		}
	}
	return false
}

// remarks are the statements for comments, privileges, owner and the state of a trigger. have is nil for what was just made.
func (p *planner) remarks(have, want *object) (sql []string) {
	before := &object{comments: nil, grants: p.from.objects.given(want.node), Enabled: "O"}
	if have != nil {
		before = have
	} else if want.Owner != "" {
		sql = append(sql, fmt.Sprintf("ALTER %s OWNER TO %s", want.target(), ident(want.Owner)))
	}
	enabled := before.Enabled
	if want.Kind == kindTrigger && p.objects.replaced[want.node] && len(replace(before, want)) > 0 {
		enabled = "O" // CREATE OR REPLACE TRIGGER enables
	}
	if want.Enabled != "" && want.Enabled != enabled {
		words := map[string]string{"O": "ENABLE", "D": "DISABLE", "R": "ENABLE REPLICA", "A": "ENABLE ALWAYS"}
		sql = append(sql, fmt.Sprintf("ALTER TABLE %s %s %s %s", want.on(), words[want.Enabled], strings.ToUpper(want.Kind), ident(want.Name)))
	}
	for _, target := range slices.Sorted(maps.Keys(before.comments)) {
		if _, stays := want.comments[target]; !stays {
			sql = append(sql, "COMMENT ON "+target+" IS NULL")
		}
	}
	for _, target := range slices.Sorted(maps.Keys(want.comments)) {
		if before.comments[target] != want.comments[target] {
			sql = append(sql, "COMMENT ON "+target+" IS "+literal(want.comments[target]))
		}
	}
	return append(sql, want.grantsFrom(before.grants)...)
}
