package diff

import (
	"fmt"
	"slices"
	"strings"
)

// retype changes a column's type. The default goes off before, since PostgreSQL converts it by assignment only, and on again.
func (p *planner) retype(table string, have, want column, comment string) {
	p.retyped[member{table, want.name}] = true
	column := alter(table) + "ALTER COLUMN " + ident(want.name)
	if p.conversion(table, have, want) == "" {
		p.guard(table, have, want)
	}
	var sql []string
	if have.def != "" && (want.def != have.def || have.base != want.base || have.enum != "") {
		sql = append(sql, column+" DROP DEFAULT")
	}
	sql = append(sql, column+" TYPE "+typeOf(want)+p.using(table, have, want))
	if want.def != "" && (len(sql) == 2 || have.def != want.def) {
		sql = append(sql, column+" SET DEFAULT "+want.def)
	}
	if have.typ == want.typ && have.collation == want.collation { // an enum swap, told by itself
		for _, q := range sql {
			p.do(comment, "%s", q)
		}
		return
	}
	p.change("change the type of", "column "+table+"."+want.name, comment, sql...)
	if p.conversion(table, have, want) != "" {
		return
	}
	if p.up && (have.base == "bytea") != (want.base == "bytea") {
		p.refuse(fmt.Sprintf("column %s.%s changes from %s to %s, and bytes are not text: PostgreSQL would convert their escape form", table, want.name, have.typ, want.typ),
			"say by plinth.Using how: convert_from("+want.name+", 'UTF8') or convert_to("+want.name+", 'UTF8') name the encoding")
	}
	if p.loses(have, want) {
		p.lose(fmt.Sprintf("what column %s.%s held beyond %s", table, want.name, want.typ))
		p.drops = append(p.drops, fmt.Sprintf("what column %s.%s holds beyond %s", table, want.name, want.typ))
	}
}

// using is the conversion to write. Where PostgreSQL converts by assignment nothing is written: an explicit cast to a shorter
// type would cut values without an error, the assignment refuses.
func (p *planner) using(table string, have, want column) string {
	name := ident(want.name)
	switch expr := p.conversion(table, have, want); {
	case expr != "":
		return " USING " + expr
	case have.enum != "" || want.enum != "":
		return " USING " + p.toEnum(have, want)
	case have.base == want.base, want.category == "S":
		return ""
	case strings.IndexByte("ia", p.castOf(have, want)) >= 0:
		return ""
	case p.purpose == goBack && p.castOf(have, want) == 0 && have.category != "S" && !(have.array && want.array):
		p.fails = append(p.fails, fmt.Sprintf("PostgreSQL has no conversion of column %s.%s from %s back to %s, so that it fails on rows whose text does not read as one; "+
			"plinth.Using takes one as its second expression", table, want.name, have.typ, want.typ))
		return fmt.Sprintf(" USING %s::text::%s", name, want.typ)
	default:
		return fmt.Sprintf(" USING %s::%s", name, want.typ)
	}
}

// conversion is what the schema code says about it; "" for nothing.
func (p *planner) conversion(table string, have, want column) string {
	if p.model == nil || have.base == want.base {
		return ""
	}
	x := p.model.using[member{table, want.name}]
	if p.purpose == goBack {
		return x.Down
	}
	return x.Up
}

func (p *planner) castOf(have, want column) byte { return p.to.casts[cast{have.base, want.base}] }

// loses tells whether the conversion of a value can succeed and still keep less than there was: a date from a time, an integer
// from a fraction, a float from a number of more digits, any of them from text that says more. Text keeps everything, integers that do
// not fit are refused.
func (p *planner) loses(have, want column) bool {
	integers := []string{"smallint", "integer", "bigint"}
	rounded := want.base == "real" || want.base == "double precision" && (have.base == "bigint" || have.base == "numeric")
	switch {
	case have.base == want.base:
		// Fewer fractional digits round silently.
		return have.typ != want.typ && (have.category == "N" || have.category == "D" || have.category == "T")
	case want.category == "S", have.enum != "", want.enum != "":
		return false
	case have.category == "S":
		return (want.category == "N" || want.category == "D" || want.category == "T") && !slices.Contains(integers, want.base)
	case slices.Contains(integers, have.base) && (slices.Contains(integers, want.base) || want.base == "numeric"):
		return false
	default:
		return p.castOf(have, want) != 'i' || rounded
	}
}
