package lint

var requiredColumn = &Rule{
	Code: "BC103", Name: "required-column", Group: Incompatible, Severity: Warning, Atlas: "MF104",
	Summary: "SET NOT NULL, or a default that goes, breaks writers that leave the column out.",
	Why:     "Code that runs during the deployment inserts rows without a value.",
	Fix:     "Deploy code that writes the column first, or give it a default.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_SetNotNull", "AT_ColumnDefault") {
			rangeVar, table := p.target()
			name := cmd.str("name")
			r := p.table(rangeVar)
			c := r.column(name)
			switch {
			case cmd.str("subtype") == "AT_SetNotNull" && (r.provesNotNull(name, nil) || c != nil && (c.notNull || c.hasValue)):
				continue // a check of an earlier file binds writers already
			case cmd.str("subtype") == "AT_ColumnDefault" && (cmd["def"] != nil || c == nil || !c.notNull):
				continue
			}
			words := "a NULL in " + table + "." + quoteIdent(name)
			p.report(cmd.num("location"), table, name, "Writers that leave "+quoteIdent(name)+" out fail from now on: without a default that is "+words+".", "Deploy code that always writes it first.")
		}
	},
}
