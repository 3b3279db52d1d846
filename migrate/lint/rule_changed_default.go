package lint

// changedDefault is off unless settings name it: that new rows get another value is why defaults are changed.
var changedDefault = &Rule{
	Code: "BC122", Name: "changed-default", Group: Incompatible, Severity: Off,
	Summary: "Running code that leaves a column out writes another value than before.",
	Why:     "An ORM that leaves out what equals the default that it knows, as Active Record does, even writes the new one where the old one was meant. Off unless its code or name switches it on: Ent's client writes its own defaults. A default where there was none, and one of a column that the same deployment adds, is no finding.",
	Fix:     "Deploy code that writes the column always first.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_ColumnDefault") {
			rangeVar, table := p.target()
			name := cmd.str("name")
			if c := p.table(rangeVar).column(name); cmd["def"] != nil && c != nil && c.hasValue && c.run != p.run {
				p.report(cmd.num("location"), table, name, "Running code that leaves "+table+"."+quoteIdent(name)+" out writes another value from now on.", "Deploy code that writes it always first.")
			}
		}
	},
}
