package lint

import "slices"

var requiredColumn = &Rule{
	Code: "BC103", Name: "required-column", Group: Incompatible, Severity: Warning, Atlas: "MF104",
	Summary: "SET NOT NULL, or a default or an identity that goes, breaks writers that leave the column out.",
	Why:     "Code that runs during the deployment inserts rows without a value. What counts is the column that has the name when the file has ended: a default that a later statement of the same file sets is seen together with the rest.",
	Fix:     "Deploy code that writes the column first, or give it a default.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_SetNotNull", "AT_ColumnDefault", "AT_DropIdentity") {
			rangeVar, table := p.target()
			name := cmd.str("name")
			r := p.table(rangeVar)
			c := r.column(name)
			switch {
			case cmd.str("subtype") == "AT_SetNotNull" && (r.provesNotNull(name, nil) || c != nil && c.notNull):
				continue // a check of an earlier file binds writers already
			case cmd.str("subtype") == "AT_ColumnDefault" && (cmd["def"] != nil || c == nil || !c.notNull):
				continue
			case cmd.str("subtype") != "AT_SetNotNull" && c != nil && !c.hasValue:
				continue
			case c == nil && p.defaultFollows(rangeVar, name):
				continue
			}
			p.atCommit(func() {
				if end := r.column(name); end == nil && c != nil || end != nil && (!end.notNull || end.hasValue) || p.said(table, name) {
					return
				}
				words := "a NULL in " + table + "." + quoteIdent(name)
				p.report(cmd.num("location"), table, name, "Writers that leave "+quoteIdent(name)+" out fail from now on: without a default that is "+words+".", "Deploy code that always writes it first.")
			})
		}
	},
}

// said tells whether the rule has a finding about the column.
func (p *pass) said(table, column string) bool {
	return slices.ContainsFunc(p.file.findings, func(f Finding) bool { return f.Rule == p.rule && f.Object == table && f.Field == column })
}

// defaultFollows tells whether the transaction gives the column a default later.
func (p *pass) defaultFollows(table tree, column string) bool {
	return !p.file.noTx && p.later(rangeKey(table), func(s *statement) bool {
		return slices.ContainsFunc(s.tree.nodes("cmds", "AlterTableCmd"), func(cmd tree) bool {
			return cmd.str("subtype") == "AT_ColumnDefault" && cmd["def"] != nil && cmd.str("name") == column
		})
	}, "AlterTableStmt")
}
