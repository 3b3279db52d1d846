package lint

import (
	"fmt"
)

var renameColumn = &Rule{
	Code: "BC102", Name: "rename-column", Group: Incompatible, Severity: Warning, Atlas: "BC102",
	Summary: "A renamed column breaks code that uses its old name.",
	Why:     "Code and schema cannot be changed in the same instant: one of both is wrong for the time of the deployment.",
	Fix:     "Add a column of the new name, keep both alike by a trigger, move code over, drop the old one.",
	check: func(p *pass) {
		rangeVar := p.tree.sub("relation")
		if p.kind != "RenameStmt" || p.tree.str("renameType") != "OBJECT_COLUMN" || p.fresh(rangeKey(rangeVar)) {
			return
		}
		table, from, to := display(rangeVar), p.tree.str("subname"), p.tree.str("newname")
		f := p.report(p.place(from), table, from, fmt.Sprintf("Code that uses %s.%s fails once it is called %s.", table, quoteIdent(from), quoteIdent(to)), "Deploy at a time when no old code runs; or add "+quoteIdent(to)+", keep both alike by a trigger until all code uses it, and drop "+quoteIdent(from)+" then.")
		f.Lock, f.Rewrite = accessExclusive.String(), new(false)
	},
}
