package diff

import (
	"maps"
	"slices"
	"strings"
)

func (p *planner) dropTables() {
	gone := slices.DeleteFunc(p.from.tableNames(), func(name string) bool { return p.to.tables[name] != nil })
	dropped := make(map[string]bool)
	for _, name := range referencingFirst(p.from, gone) {
		p.cutCycles(name, gone, dropped)
		p.change("drop", "table "+name, "drop "+ident(name)+" table", "DROP TABLE "+ident(name))
		p.drops = append(p.drops, "table "+name)
		p.lose("the data of table " + name)
		dropped[name] = true
	}
}

// cutCycles drops the foreign keys to a table that stand on tables which go later.
func (p *planner) cutCycles(name string, gone []string, dropped map[string]bool) {
	for _, other := range gone {
		if other == name || dropped[other] {
			continue
		}
		for _, c := range foreignKeys(p.from.tables[other], name) {
			p.do(modify(other), "%sDROP CONSTRAINT %s", alter(other), ident(c.name))
		}
	}
}

func foreignKeys(t *table, to string) (keys []constraint) {
	for _, name := range slices.Sorted(maps.Keys(t.constraints)) {
		if c := t.constraints[name]; c.kind == 'f' && c.refs == to && !c.child {
			keys = append(keys, c)
		}
	}
	return keys
}

// referencingFirst orders tables so that each stands before those it references, as far as there are no cycles; alphabetically
// otherwise.
func referencingFirst(s *state, names []string) (order []string) {
	left := slices.Clone(names)
	referrers := map[string]int{} // how many of those left reference it
	for _, name := range names {
		for _, to := range referenced(s.tables[name]) {
			referrers[to]++
		}
	}
	for len(left) > 0 {
		next := max(0, slices.IndexFunc(left, func(name string) bool { return referrers[name] == 0 })) // a cycle: any will do
		for _, to := range referenced(s.tables[left[next]]) {
			referrers[to]--
		}
		order = append(order, left[next])
		left = slices.Delete(left, next, next+1)
	}
	return order
}

// referenced are the other tables that foreign keys of t lead to, each once.
func referenced(t *table) (names []string) {
	for _, c := range t.constraints {
		if c.kind == 'f' && !c.child && c.refs != t.name && !slices.Contains(names, c.refs) {
			names = append(names, c.refs)
		}
	}
	return names
}

func (p *planner) createTables() {
	added := slices.DeleteFunc(p.to.tableNames(), func(name string) bool { return p.from.tables[name] != nil })
	order := referencingFirst(p.to, added)
	slices.Reverse(order)
	var later []func()
	for i, name := range order {
		t := p.to.tables[name]
		inside, after := p.splitKeys(t, order[i+1:])
		comment := "create " + ident(name) + " table"
		p.change("add", "table "+name, comment, createTable(t, inside))
		p.commentNewTable(t, comment)
		for _, c := range inside {
			p.commentConstraint(name, c)
		}
		for _, index := range slices.Sorted(maps.Keys(t.indexes)) {
			i := t.indexes[index]
			p.do(indexComment(name, i), "%s", createIndex(name, i))
			p.commentIndex(name, i)
		}
		for _, c := range after {
			later = append(later, func() {
				p.do(modify(name), "%sADD CONSTRAINT %s %s", alter(name), ident(c.name), c.def)
				p.commentConstraint(name, c)
			})
		}
	}
	for _, add := range later {
		add()
	}
}

// splitKeys separates the constraints that CREATE TABLE can hold from the foreign keys to tables that are not there yet.
func (p *planner) splitKeys(t *table, missing []string) (inside, after []constraint) {
	for _, name := range slices.Sorted(maps.Keys(t.constraints)) {
		c := t.constraints[name]
		if c.kind == 'f' && (slices.Contains(missing, c.refs) || strings.HasSuffix(c.def, notValid)) {
			after = append(after, c)
		} else {
			inside = append(inside, c)
		}
	}
	// The primary key first, foreign keys last.
	rank := "pucxf"
	slices.SortStableFunc(inside, func(a, b constraint) int { return strings.IndexByte(rank, a.kind) - strings.IndexByte(rank, b.kind) })
	return inside, after
}

func createTable(t *table, constraints []constraint) string {
	lines := make([]string, 0, len(t.columns)+len(constraints))
	for _, c := range t.columns {
		lines = append(lines, "  "+columnDefinition(c))
	}
	for _, c := range constraints {
		lines = append(lines, "  CONSTRAINT "+ident(c.name)+" "+c.def)
	}
	return "CREATE TABLE " + ident(t.name) + " (\n" + strings.Join(lines, ",\n") + "\n)"
}

func (p *planner) commentNewTable(t *table, comment string) {
	if t.comment != "" {
		p.do(comment, "COMMENT ON TABLE %s IS %s", ident(t.name), literal(t.comment))
	}
	for _, c := range t.columns {
		if c.comment != "" {
			p.do(comment, "COMMENT ON COLUMN %s.%s IS %s", ident(t.name), ident(c.name), literal(c.comment))
		}
	}
}

// commentTables sets the comments of tables and columns that were there; a new column's too.
func (p *planner) commentTables() {
	for _, name := range p.both() {
		have, want := p.from.tables[name], p.to.tables[name]
		if have.comment != want.comment {
			p.change("comment", "table "+name, modify(name), "COMMENT ON TABLE "+ident(name)+" IS "+commentText(want.comment))
		}
		for _, w := range want.columns {
			h, _ := have.column(w.name)
			if p.replaced[member{name, w.name}] { // it came back without
				h.comment = ""
			}
			if h.comment != w.comment {
				p.change("comment", "column "+name+"."+w.name, modify(name),
					"COMMENT ON COLUMN "+ident(name)+"."+ident(w.name)+" IS "+commentText(w.comment))
			}
		}
	}
}

func commentText(comment string) string {
	if comment == "" {
		return "NULL"
	}
	return literal(comment)
}

// lose notes what this script destroys and the opposite one cannot restore.
func (p *planner) lose(what string) {
	if p.up {
		p.lost = append(p.lost, what)
	}
}
