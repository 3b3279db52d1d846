package diff

import (
	"slices"
)

// findReplaced marks the generated columns that go and come back: PostgreSQL changes neither their expression in place (15) nor the type
// of what they are computed from. Nothing is lost by that, unless the column had values of its own.
func (p *planner) findReplaced() {
	for _, name := range p.both() {
		have, want := p.from.tables[name], p.to.tables[name]
		for _, w := range want.columns {
			h, ok := have.column(w.name)
			if !ok || w.generated == "" {
				continue
			}
			if h.generated != w.generated || h.typ != w.typ || h.collation != w.collation ||
				p.anySwapped(h.enums) || slices.ContainsFunc(h.uses, func(c string) bool { return p.alters(name, c) }) {
				p.replaced[member{name, w.name}] = true
			}
		}
	}
}

// alters tells whether a column that stays changes its type in whatever way.
func (p *planner) alters(table, column string) bool {
	h, ok1 := p.from.tables[table].column(column)
	w, ok2 := p.to.tables[table].column(column)
	return ok1 && ok2 && (h.typ != w.typ || h.collation != w.collation || slices.Contains(p.swapped(), h.enum))
}

func (p *planner) anyReplaced(table string, columns []string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return p.replaced[member{table, c}] })
}

// stopGenerating leaves columns the values that they were computed, before anything happens to what these were computed from.
func (p *planner) stopGenerating() {
	for _, name := range p.both() {
		for _, h := range p.from.tables[name].columns {
			if w, ok := p.to.tables[name].column(h.name); ok && h.generated != "" && w.generated == "" {
				p.change("no longer generate", "column "+name+"."+h.name, modify(name), alter(name)+"ALTER COLUMN "+ident(h.name)+" DROP EXPRESSION")
			}
		}
	}
}

// dropReplaced takes out the columns that come back, once nothing stands on them.
func (p *planner) dropReplaced() {
	for _, name := range p.both() {
		for _, h := range p.from.tables[name].columns {
			if !p.replaced[member{name, h.name}] {
				continue
			}
			p.do(modify(name), "%sDROP COLUMN %s", alter(name), ident(h.name))
			if h.generated == "" {
				object := "column " + name + "." + h.name
				p.drops = append(p.drops, "what column "+name+"."+h.name+" holds now")
				p.lose("the data of " + object)
			}
		}
	}
}

// addGenerated adds the columns of a table that are computed from others, once those are as they should be.
func (p *planner) addGenerated(table string) {
	for _, w := range p.to.tables[table].columns {
		h, there := p.from.tables[table].column(w.name)
		object, sql := "column "+table+"."+w.name, alter(table)+"ADD COLUMN "+columnDefinition(w)
		switch {
		case w.generated == "":
		case !there:
			p.change("add", object, modify(table), sql)
		case !p.replaced[member{table, w.name}]:
		case h.generated != w.generated || h.typ != w.typ || h.collation != w.collation:
			p.change("change what generates", object, modify(table), sql)
			p.changes[len(p.changes)-1].SQL = alter(table) + "DROP COLUMN " + ident(w.name) + ";\n" + sql + ";"
		default:
			p.do(modify(table), "%s", sql)
		}
	}
}
