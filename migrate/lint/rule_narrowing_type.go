package lint

import (
	"fmt"
)

var narrowingType = &Rule{
	Code: "DD103", Name: "narrowing-type", Group: DataDependent, Severity: Error,
	Summary: "A change to a narrower type fails on values that do not fit, or cuts them.",
	Why:     "Which of both depends on the types and on USING.",
	Fix:     "Look for values that do not fit; widen instead, or use a check.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_AlterColumnType") {
			rangeVar, table := p.target()
			name := cmd.str("name")
			c := p.relations[rangeKey(rangeVar)].column(name)
			_, def := cmd.node("def")
			to := readType(def.sub("typeName"))
			if c == nil || !narrows(c.typ, to) {
				continue
			}
			p.report(cmd.num("location"), table, name, fmt.Sprintf("Not every value of %s.%s (%s) is one of %s: the change fails, or loses a part of them.", table, quoteIdent(name), c.typ, to), "Look for values that do not fit before, and make code refuse new ones (a check that is NOT VALID at first).")
		}
	},
}
