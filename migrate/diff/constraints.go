package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

var kindNames = map[byte]string{'p': "primary key", 'u': "unique constraint", 'f': "foreign key", 'c': "check", 'x': "exclusion constraint"}

func (c constraint) object(table string) string {
	return kindNames[c.kind] + " " + table + "." + c.name
}

func (i index) object() string { return "index " + i.name }

// constraintsIn visits the marked constraints of tables that both states have, by table and name.
func (p *planner) constraintsIn(s *state, marked map[member]bool, visit func(table string, c constraint)) {
	for _, table := range p.both() {
		all := s.tables[table].constraints
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if marked[member{table, name}] {
				visit(table, all[name])
			}
		}
	}
}

func (p *planner) dropForeignKeys() {
	p.constraintsIn(p.from, p.detach, func(table string, c constraint) {
		if c.kind == 'f' {
			p.dropConstraint(table, c)
		}
	})
}

func (p *planner) dropConstraints() {
	p.constraintsIn(p.from, p.detach, func(table string, c constraint) {
		if c.kind != 'f' {
			p.dropConstraint(table, c)
		}
	})
}

func (p *planner) dropConstraint(table string, c constraint) {
	sql := alter(table) + "DROP CONSTRAINT " + ident(c.name)
	if p.attach[member{table, c.name}] {
		p.do(modify(table), "%s", sql)
		return
	}
	p.change("drop", c.object(table), modify(table), sql)
}

func (p *planner) addConstraints() {
	p.constraintsIn(p.to, p.attach, func(table string, c constraint) {
		if c.kind != 'f' {
			p.addConstraint(table, c)
		}
	})
}

func (p *planner) addForeignKeys() {
	p.constraintsIn(p.to, p.attach, func(table string, c constraint) {
		if c.kind == 'f' {
			p.addConstraint(table, c)
		}
	})
}

func (p *planner) addConstraint(table string, c constraint) {
	sql := alter(table) + "ADD CONSTRAINT " + ident(c.name) + " " + c.def
	m := member{table, c.name}
	switch have := p.from.tables[table].constraints[c.name]; {
	case !p.detach[m]:
		p.change("add", c.object(table), modify(table), sql)
	case have.def != c.def && have.def == trimNotValid(c.def):
		p.change("change", c.object(table), "it goes in a later file and is NOT VALID until then, so that the way back can add it in an instant and validate it while readers and writers go on", sql)
	case have.def != c.def:
		p.change("change", c.object(table), modify(table), sql)
		p.changes[len(p.changes)-1].SQL = alter(table) + "DROP CONSTRAINT " + ident(c.name) + ";\n" + sql + ";"
	default:
		p.do(modify(table), "%s", sql)
	}
	p.commentConstraint(table, c)
}

func (p *planner) commentConstraint(table string, c constraint) {
	if c.comment != "" {
		p.do(modify(table), "COMMENT ON CONSTRAINT %s ON %s IS %s", ident(c.name), ident(table), literal(c.comment))
	}
}

// deferForeignKeys changes when foreign keys are checked, which needs no look at the rows.
func (p *planner) deferForeignKeys() {
	p.constraintsIn(p.to, p.deferred, func(table string, c constraint) {
		when := strings.TrimPrefix(trimNotValid(c.def), sayable(c.def))
		if when == "" {
			when = " NOT DEFERRABLE"
		}
		p.change("change", c.object(table), modify(table), alter(table)+"ALTER CONSTRAINT "+ident(c.name)+when)
	})
}

// validateConstraints checks the rows under constraints that migrations by hand left NOT VALID.
func (p *planner) validateConstraints() {
	for _, table := range p.both() {
		want := p.to.tables[table].constraints
		for _, name := range slices.Sorted(maps.Keys(want)) {
			have, ok := p.from.tables[table].constraints[name]
			if ok && !p.detach[member{table, name}] && isValidated(have, want[name]) {
				p.change("validate", have.object(table), modify(table), alter(table)+"VALIDATE CONSTRAINT "+ident(name))
			}
		}
	}
}

// indexesIn visits the marked indexes of tables that both states have, by table and name.
func (p *planner) indexesIn(s *state, marked map[member]bool, visit func(table string, i index)) {
	for _, table := range p.both() {
		all := s.tables[table].indexes
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if marked[member{table, name}] {
				visit(table, all[name])
			}
		}
	}
}

func (p *planner) dropIndexes() {
	p.indexesIn(p.from, p.detach, func(table string, i index) {
		comment, sql := fmt.Sprintf("drop index %s from table: %s", ident(i.name), ident(table)), "DROP INDEX "+ident(i.name)
		if p.attach[member{table, i.name}] {
			p.do(comment, "%s", sql)
			return
		}
		p.change("drop", i.object(), comment, sql)
	})
}

func (p *planner) addIndexes() {
	p.indexesIn(p.to, p.attach, func(table string, i index) {
		have := p.from.tables[table].indexes[i.name]
		switch sql := createIndex(table, i); {
		case !p.detach[member{table, i.name}]:
			p.change("add", i.object(), indexComment(table, i), sql)
		case have.def != i.def || have.unique != i.unique:
			p.change("change", i.object(), indexComment(table, i), sql)
			p.changes[len(p.changes)-1].SQL = "DROP INDEX " + ident(i.name) + ";\n" + sql + ";"
		default:
			p.do(indexComment(table, i), "%s", sql)
		}
		p.commentIndex(table, i)
	})
}

func (p *planner) commentIndex(table string, i index) {
	if i.comment != "" {
		p.do(indexComment(table, i), "COMMENT ON INDEX %s IS %s", ident(i.name), literal(i.comment))
	}
}

func indexComment(table string, i index) string {
	return fmt.Sprintf("create index %s to table: %s", ident(i.name), ident(table))
}

func createIndex(table string, i index) string {
	sql := "CREATE "
	if i.unique {
		sql += "UNIQUE "
	}
	sql += "INDEX " + ident(i.name) + " ON "
	if i.partialOn {
		sql += "ONLY "
	}
	return sql + ident(table) + " " + strings.TrimPrefix(i.def, "USING btree ")
}
