package lint

var dropDefault = &Rule{
	Code: "BC109", Name: "drop-default", Group: Incompatible, Severity: Warning,
	Summary: "A default or a generation expression that goes leaves NULL where running code counts on a value.",
	Why: "Rows that are there keep their values; new ones whose writers leave the column out get NULL. Where the column is NOT NULL their writers fail, which is required-column's to tell. " +
		"What counts is the column that has the name when the file has ended: with another default it is no finding, and neither is one of a column that the same deployment added.",
	Fix: "Deploy code that writes the column first.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_ColumnDefault", "AT_DropExpression") {
			rangeVar, table := p.target()
			name := cmd.str("name")
			r := p.table(rangeVar)
			c := r.column(name)
			if cmd["def"] != nil || c != nil && (!c.hasValue || c.run == p.run) || c == nil && p.defaultFollows(rangeVar, name) {
				continue
			}
			p.atCommit(func() {
				if end := r.column(name); end == nil && c != nil || end != nil && (end.notNull || end.hasValue) {
					return
				}
				p.report(cmd.num("location"), table, name, "Rows whose writers leave "+quoteIdent(name)+" out get NULL in "+table+"."+quoteIdent(name)+" from now on.", "Deploy code that always writes it first.")
			})
		}
	},
}
