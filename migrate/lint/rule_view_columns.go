package lint

import (
	"slices"
)

var viewColumnsChange = &Rule{
	Code: "BC104", Name: "view-columns", Group: Incompatible, Severity: Warning,
	Summary: "A view loses a column that code may read.",
	Why:     "Code that names the column fails.",
	Fix:     "Keep the column until no code reads it.",
	check: func(p *pass) {
		if p.kind != "ViewStmt" {
			return
		}
		key := rangeKey(p.tree.sub("view"))
		var before []*column
		if r := p.relations[key]; r != nil && r.run != p.run {
			before = r.columns
		}
		if lost, dropped := p.file.lostViews[key]; dropped { // in this file
			before = lost
		}
		after := viewColumns(p.tree)
		if after == nil {
			return
		}
		for _, c := range before {
			if !slices.ContainsFunc(after, func(n *column) bool { return n.name == c.name }) {
				view := display(p.tree.sub("view"))
				p.report(0, view, c.name, "The view "+view+" loses its column "+quoteIdent(c.name)+": code that reads it fails.", "Keep the column until no code reads it.")
			}
		}
	},
}
