package diff

import (
	"fmt"
	"slices"
	"strings"
)

// columnDefinition is what CREATE TABLE and ADD COLUMN say about a column.
func columnDefinition(c column) string {
	if c.serial != "" {
		return ident(c.name) + " " + c.serial + notNull(c)
	}
	sql := ident(c.name) + " " + typeOf(c) + notNull(c)
	switch {
	case c.generated != "":
		sql += " GENERATED ALWAYS AS (" + c.generated + ") STORED"
	case c.identity != "":
		sql += " GENERATED " + c.identity + " AS IDENTITY"
		if c.sequence != "" {
			sql += " (" + c.sequence + ")"
		}
	case c.def != "":
		sql += " DEFAULT " + c.def
	}
	return sql
}

func notNull(c column) string {
	if c.notNull {
		return " NOT NULL"
	}
	return ""
}

func typeOf(c column) string {
	if c.collation != "" {
		return c.typ + " COLLATE " + c.collation
	}
	return c.typ
}

// filled tells whether PostgreSQL gives the column a value in rows that exist when it is added.
func filled(c column) bool {
	return c.def != "" || c.generated != "" || c.identity != "" || c.serial != ""
}

// dropColumns drops generated columns first: they stand on others.
func (p *planner) dropColumns() {
	for _, name := range p.both() {
		want := p.to.tables[name]
		gone := slices.DeleteFunc(slices.Clone(p.from.tables[name].columns), func(c column) bool {
			_, ok := want.column(c.name)
			return ok
		})
		slices.SortStableFunc(gone, func(a, b column) int { return len(b.generated) - len(a.generated) })
		for _, c := range gone {
			object := "column " + name + "." + c.name
			p.change("drop", object, modify(name), alter(name)+"DROP COLUMN "+ident(c.name))
			p.drops = append(p.drops, object)
			if c.generated == "" {
				p.lose("the data of " + object)
			}
		}
	}
}

func (p *planner) alterTables() {
	for _, name := range p.both() {
		for _, want := range p.to.tables[name].columns {
			have, there := p.from.tables[name].column(want.name)
			switch {
			case want.generated != "" && (!there || p.replaced[member{name, want.name}]): // by addGenerated
			case there:
				p.alterColumn(name, have, want)
			default:
				p.addColumn(name, want)
			}
		}
		p.addGenerated(name)
	}
}

func (p *planner) addColumn(table string, c column) {
	object := "column " + table + "." + c.name
	if c.defLater {
		without := c
		without.def = ""
		p.change("add", object, modify(table), alter(table)+"ADD COLUMN "+columnDefinition(without), alter(table)+"ALTER COLUMN "+ident(c.name)+setDefault(c))
		return
	}
	sql := alter(table) + "ADD COLUMN " + columnDefinition(c)
	if !c.notNull || filled(c) {
		p.change("add", object, modify(table), sql)
		return
	}
	if p.up {
		p.refuse(fmt.Sprintf("%s (column %s.%s) is new and required, but rows that exist have no value for it", p.field(table, c.name), table, c.name),
			"give it a default in the database (a constant Default, or entsql.DefaultExpr; a Go function fills no rows that are there), or make it Optional now and required in a later migration")
		return
	}
	filler, ok := p.filler(table, c)
	if !ok {
		p.change("add", object, modify(table), sql)
		p.fails = append(p.fails, fmt.Sprintf("it fails when table %s has rows, since no value fits %s", table, object))
		return
	}
	c.def = filler
	p.change("add", object, modify(table), alter(table)+"ADD COLUMN "+columnDefinition(c),
		alter(table)+"ALTER COLUMN "+ident(c.name)+" DROP DEFAULT")
}

func (p *planner) alterColumn(table string, have, want column) {
	have = p.stopNumbering(table, have, want)
	object, column := "column "+table+"."+want.name, alter(table)+"ALTER COLUMN "+ident(want.name)
	done := p.retyped[member{table, want.name}]
	if !done && (have.typ != want.typ || have.collation != want.collation) {
		p.retype(table, have, want, modify(table))
		done = true
	}
	if !done && have.def != want.def {
		p.change("change the default of", object, modify(table), column+setDefault(want))
	}
	switch {
	case have.notNull && !want.notNull:
		p.change("allow NULL in", object, modify(table), column+" DROP NOT NULL")
	case !have.notNull && want.notNull:
		p.setNotNull(table, want)
	}
	p.startNumbering(table, have, want)
}

func setDefault(c column) string {
	if c.def == "" {
		return " DROP DEFAULT"
	}
	return " SET DEFAULT " + c.def
}

// setNotNull fills the NULLs that may be there.
func (p *planner) setNotNull(table string, c column) {
	object, fill := "column "+table+"."+c.name, c.def
	if p.proved(table, c.name) {
		p.change("require a value in", object, modify(table), alter(table)+"ALTER COLUMN "+ident(c.name)+" SET NOT NULL")
		return
	}
	if fill == "" && p.up {
		p.refuse(fmt.Sprintf("%s (column %s.%s) becomes required, but rows that hold NULL have no value for it", p.field(table, c.name), table, c.name),
			"give it a default in the database (a constant Default, or entsql.DefaultExpr), which those rows then get, or fill them in a migration by hand (plinth new) that also says "+
				alter(table)+"ALTER COLUMN "+ident(c.name)+" SET NOT NULL")
		return
	}
	if fill == "" {
		fill, _ = p.filler(table, c)
	}
	var sql []string
	if fill != "" {
		p.lose(fmt.Sprintf("which rows of column %s.%s held NULL before they got %s", table, c.name, fill))
		if p.defers(table) {
			// ALTER TABLE refuses a table with checks that wait.
			sql = append(sql, "SET CONSTRAINTS ALL IMMEDIATE")
		}
		sql = append(sql, fmt.Sprintf("UPDATE %s SET %s = %s WHERE %s IS NULL", ident(table), ident(c.name), fill, ident(c.name)))
	}
	p.change("require a value in", object, modify(table), append(sql, alter(table)+"ALTER COLUMN "+ident(c.name)+" SET NOT NULL")...)
}

// proved tells whether a check of the table that holds for all rows, and goes with this plan, says that the column holds no NULL and
// nothing else.
func (p *planner) proved(table, column string) bool {
	for name, c := range p.from.tables[table].constraints {
		_, stays := p.to.tables[table].constraints[name]
		says := func(printed string) bool { return c.def == "CHECK (("+printed+" IS NOT NULL))" }
		if !stays && c.kind == 'c' && (says(column) || says(ident(column))) { // PostgreSQL quotes where it has to
			return true
		}
	}
	return false
}

// defers tells whether a constraint of the table is checked at the end of the transaction.
func (p *planner) defers(table string) bool {
	for _, c := range p.from.tables[table].constraints {
		if strings.Contains(c.def, initiallyDeferred) {
			return true
		}
	}
	return false
}

// entity is the schema code's name for a table, or the table's where it has none.
func (p *planner) entity(table string) string {
	if t, ok := p.model.find(table); ok && t.Entity != "" {
		return t.Entity
	}
	return table
}

// field is the schema code's name for a column, or the table's and column's where it has none.
func (p *planner) field(table, column string) string {
	if t, ok := p.model.find(table); ok && t.Entity != "" && t.Fields[column] != "" {
		return t.Entity + "." + t.Fields[column]
	}
	return table + "." + column
}
