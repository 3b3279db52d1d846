package lint

import "fmt"

const fewColumns = 3

// wideIndex is off unless settings name it: some indexes need their columns.
var wideIndex = &Rule{
	Code: "AD114", Name: "wide-index", Group: Advice, Severity: Off,
	Summary: "An index that is not unique has more than three columns.",
	Why:     "Each column makes it larger and slower to keep, and beyond the first ones they seldom take more rows away. Columns of INCLUDE do not count. Off unless its code or name switches it on: it is a matter of taste.",
	Fix:     "Begin with the columns that take the most rows away, and leave the others out.",
	check: func(p *pass) {
		if n := len(p.tree.list("indexParams")); p.kind == "IndexStmt" && !p.tree.flag("unique") && n > fewColumns {
			_, table := p.target()
			p.report(0, table, "", fmt.Sprintf("The index on %s has %d columns: beyond %d they seldom take more rows away.", table, n, fewColumns), "Begin with the columns that take the most rows away, and leave the others out.")
		}
	},
}
