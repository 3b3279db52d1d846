package diff

import (
	"fmt"
	"regexp"
	"strings"
)

// stopNumbering takes away what gives a column its numbers and will not any more. It returns the column as it is then.
func (p *planner) stopNumbering(table string, have, want column) column {
	object, column := "column "+table+"."+want.name, alter(table)+"ALTER COLUMN "+ident(want.name)
	switch {
	case have.identity != "" && want.identity == "":
		p.change("no longer number", object, modify(table), column+" DROP IDENTITY")
		have.identity, have.sequence = "", ""
	case have.serial != "" && want.serial == "":
		p.change("no longer number", object, modify(table), column+" DROP DEFAULT", "DROP SEQUENCE "+ident(sequenceOf(table, have)))
		have.serial = ""
	}
	return have
}

// startNumbering gives a column the identity or the sequence that it wants, above every number that a row has. have is the column
// after stopNumbering.
func (p *planner) startNumbering(table string, have, want column) {
	object, column, sequence := "column "+table+"."+want.name, alter(table)+"ALTER COLUMN "+ident(want.name), ident(sequenceOf(table, want))
	switch {
	case want.identity != "" && have.identity == "":
		add := column + " ADD GENERATED " + want.identity + " AS IDENTITY"
		if want.sequence != "" {
			add += " (" + want.sequence + ")"
		}
		p.change("number", object, modify(table), add, setNumber(table, want, false))
	case want.serial != "" && have.serial == "":
		p.change("number", object, modify(table),
			"CREATE SEQUENCE "+sequence+" AS "+want.typ+" OWNED BY "+ident(table)+"."+ident(want.name),
			column+" SET DEFAULT nextval("+literal(sequence)+")", setNumber(table, want, false))
	case want.serial != have.serial:
		p.change("number", object, modify(table), "ALTER SEQUENCE "+sequence+" AS "+want.typ)
	case have.identity != want.identity:
		p.change("number", object, modify(table), column+" SET GENERATED "+want.identity)
	}
	if have.identity != "" && want.identity != "" && have.sequence != want.sequence {
		set, goesOn := setOptions(have.sequence, want.sequence)
		p.change("number", object, modify(table), column+set, setNumber(table, want, goesOn))
	}
}

// sequenceOf is the name that PostgreSQL gives the sequence of a serial column.
func sequenceOf(table string, c column) string { return table + "_" + c.name + "_seq" }

// setNumber moves a sequence to where the next number is new: from the start on, beyond every row's, and where the sequence was there
// already, beyond what it gave.
func setNumber(table string, c column, wasThere bool) string {
	furthest, end, step, start := "greatest", "max", "+", "1"
	if options(c.sequence)["START WITH"] != "" {
		start = options(c.sequence)["START WITH"]
	}
	if strings.HasPrefix(options(c.sequence)["INCREMENT BY"], "-") {
		furthest, end, step = "least", "min", "-"
	}
	sequence := fmt.Sprintf("pg_get_serial_sequence(%s, %s)", literal(ident(table)), literal(c.name))
	numbers := fmt.Sprintf("%s, %s(%s) %s 1", start, end, ident(c.name), step)
	if wasThere {
		numbers += ", nextval(" + sequence + ")"
	}
	return fmt.Sprintf("SELECT setval(%s, %s(%s), false) FROM %s", sequence, furthest, numbers, ident(table))
}

var option = regexp.MustCompile(`(INCREMENT BY|MINVALUE|MAXVALUE|START WITH|CACHE) (-?\d+)|CYCLE`)

// options takes apart what a state says about a sequence. CYCLE has itself as its value.
func options(sequence string) map[string]string {
	set := make(map[string]string)
	for _, m := range option.FindAllStringSubmatch(sequence, -1) {
		if m[1] == "" {
			m[1], m[2] = m[0], m[0]
		}
		set[m[1]] = m[2]
	}
	return set
}

// resets are the options of a sequence in their order, each with what gives it its default.
var resets = []struct{ name, reset string }{
	{"INCREMENT BY", "INCREMENT BY 1"},
	{"MINVALUE", "NO MINVALUE"},
	{"MAXVALUE", "NO MAXVALUE"},
	{"START WITH", "START WITH 1"},
	{"CACHE", "CACHE 1"},
	{"CYCLE", "NO CYCLE"},
}

// setOptions is what follows ALTER COLUMN to lead from some options of an identity's sequence to others. A sequence that gets other
// bounds or another direction starts anew, since its number may be out of them; else it goes on.
func setOptions(have, want string) (sql string, goesOn bool) {
	is, will := options(have), options(want)
	goesOn = true
	for _, o := range resets {
		switch value := will[o.name]; {
		case value == is[o.name]:
		case value == "":
			sql += " SET " + o.reset
		case o.name == "CYCLE":
			sql += " SET CYCLE"
		default:
			sql += " SET " + o.name + " " + value
		}
		if o.name != "START WITH" && o.name != "CACHE" && o.name != "CYCLE" && will[o.name] != is[o.name] {
			goesOn = false
		}
	}
	if !goesOn {
		sql += " RESTART"
	}
	return sql, goesOn
}
