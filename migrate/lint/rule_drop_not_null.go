package lint

var dropNotNull = &Rule{
	Code: "BC107", Name: "drop-not-null", Group: Incompatible, Severity: Warning,
	Summary: "DROP NOT NULL lets NULL into a column that running code takes for filled.",
	Why:     "Code that was written for a required column, as Ent's client is, fails or reads a zero where it meets a NULL.",
	Fix:     "Deploy code that reads NULL first.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_DropNotNull") {
			rangeVar, table := p.target()
			name := cmd.str("name")
			if c := p.table(rangeVar).column(name); c != nil && !c.notNull {
				continue
			}
			p.report(cmd.num("location"), table, name, "Code that reads "+table+"."+quoteIdent(name)+" may meet NULL from now on.", "Deploy code that reads NULL in it first.")
		}
	},
}
