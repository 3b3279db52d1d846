package lint

import (
	"fmt"
)

var keyOverflow = &Rule{
	Code: "DD106", Name: "key-overflow", Group: DataDependent, Severity: Warning,
	Summary: "A foreign key column that is narrower than the key it refers to will overflow.",
	Why:     "An int column cannot hold what a bigint key counts up to.",
	Fix:     "Give it the type of the key.",
	check: func(p *pass) {
		p.eachForeignKey(func(at int, table string, columns []*column, target *relation, names []string) {
			for i, c := range columns {
				if i >= len(names) || c == nil {
					continue
				}
				key := target.column(names[i])
				if key != nil && integerSizes[c.typ.name] > 0 && integerSizes[c.typ.name] < integerSizes[key.typ.name] {
					p.report(at, table, c.name, fmt.Sprintf("%s.%s is %s, but the key %s.%s that it refers to is %s: it will overflow.", table, quoteIdent(c.name), c.typ, target.name, quoteIdent(key.name), key.typ), "Make it "+key.typ.String()+".")
				}
			}
		})
	},
}

// eachForeignKey calls f for the foreign keys that the statement adds, to a new table or to one that is there, as far as the model knows the
// tables.
func (p *pass) eachForeignKey(f func(at int, table string, columns []*column, target *relation, names []string)) {
	one := func(table string, find func(string) *column, con tree, names []string) {
		target := p.relations[rangeKey(con.sub("pktable"))]
		if target == nil {
			return
		}
		refs := con.names("pk_attrs")
		if len(refs) == 0 {
			for _, c := range target.constraints {
				if c.kind == "CONSTR_PRIMARY" {
					refs = c.columns
				}
			}
		}
		columns := make([]*column, len(names))
		for i, name := range names {
			columns[i] = find(name)
		}
		f(con.num("location"), table, columns, target, refs)
	}
	switch p.kind {
	case "CreateStmt":
		_, table := p.target()
		made := newModel()
		made.apply("CreateStmt", p.tree)
		r := made.table(p.tree.sub("relation"))
		for _, e := range p.tree.list("tableElts") {
			kind, inner := open(e)
			if kind == "Constraint" && inner.str("contype") == "CONSTR_FOREIGN" {
				one(table, r.column, inner, inner.names("fk_attrs"))
			}
			for _, con := range inner.nodes("constraints", "Constraint") {
				if con.str("contype") == "CONSTR_FOREIGN" {
					one(table, r.column, con, []string{inner.str("colname")})
				}
			}
		}
	case "AlterTableStmt":
		rangeVar, table := p.target()
		for _, cmd := range p.tree.nodes("cmds", "AlterTableCmd") {
			_, def := cmd.node("def")
			if def.str("contype") == "CONSTR_FOREIGN" {
				one(table, p.table(rangeVar).column, def, def.names("fk_attrs"))
			}
			for _, con := range def.nodes("constraints", "Constraint") {
				if con.str("contype") == "CONSTR_FOREIGN" {
					one(table, func(string) *column { return &column{name: def.str("colname"), typ: readType(def.sub("typeName"))} }, con, []string{def.str("colname")})
				}
			}
		}
	}
}
