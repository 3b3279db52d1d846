package lint

import "slices"

// writeRestriction is off unless settings name it: rules that rows have to keep are what constraints are for.
var writeRestriction = &Rule{
	Code: "BC120", Name: "write-restriction", Group: Incompatible, Severity: Off,
	Summary: "A new constraint or unique index refuses what running code may write.",
	Why:     "NOT VALID and CONCURRENTLY spare the rows that are there and those who wait, not the next INSERT. Off unless its code or name switches it on: whether code keeps the new rule already, its authors know. A constraint on columns that the same deployment adds is no finding.",
	Fix:     "Deploy code that keeps the rule first.",
	check: func(p *pass) {
		rangeVar, table := p.target()
		var columns []string
		switch p.kind {
		case "IndexStmt":
			if !p.tree.flag("unique") || p.fresh(rangeKey(rangeVar)) {
				return
			}
			for _, e := range p.tree.nodes("indexParams", "IndexElem") {
				columns = append(columns, e.str("name"))
			}
			p.restricts(0, rangeVar, table, columns)
		case "AlterTableStmt":
			for _, cmd := range p.commands("AT_AddConstraint") {
				_, con := cmd.node("def")
				if con.str("indexname") != "" { // which refuses the same already
					continue
				}
				columns = slices.Concat(con.names("keys"), con.names("fk_attrs"))
				walk(con["raw_expr"], func(_ string, t tree) {
					if names := t.names("fields"); len(names) > 0 {
						columns = append(columns, names[len(names)-1])
					}
				})
				p.restricts(con.num("location"), rangeVar, table, columns)
			}
		}
	},
}

// restricts reports a restriction of columns, unless all of them are new.
func (p *pass) restricts(at int, rangeVar tree, table string, columns []string) {
	r := p.table(rangeVar)
	old := func(name string) bool { c := r.column(name); return c == nil || c.run != p.run }
	if len(columns) == 0 || slices.ContainsFunc(columns, old) {
		p.report(at, table, "", "Running code that writes to "+table+" what this does not allow fails from now on.", "Deploy code that keeps to it first.")
	}
}
