package lint

import (
	"fmt"
)

var intKey = &Rule{
	Code: "AD102", Name: "int-key", Group: Advice, Severity: Notice,
	Summary: "An integer primary key overflows after two billion rows.",
	Why:     "Numbers of rows that were deleted or rolled back count too, and changing the type later writes the table anew.",
	Fix:     "`bigint`",
	check: func(p *pass) {
		if p.kind != "CreateStmt" {
			return
		}
		made := newModel()
		made.apply("CreateStmt", p.tree)
		r := made.table(p.tree.sub("relation"))
		for _, c := range r.constraints {
			if c.kind != "CONSTR_PRIMARY" || len(c.columns) != 1 {
				continue
			}
			if key := r.column(c.columns[0]); key != nil && (key.typ.name == "int4" || key.typ.name == "int2") && key.hasValue {
				p.report(p.place(key.name), r.name, key.name, fmt.Sprintf("The key %s.%s is %s, which overflows one day.", r.name, quoteIdent(key.name), key.typ), "Make it bigint.")
			}
		}
	},
}
