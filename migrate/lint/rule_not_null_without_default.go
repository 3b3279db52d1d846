package lint

var notNullWithoutDefault = &Rule{
	Code: "DD101", Name: "not-null-without-default", Group: DataDependent, Severity: Error, Atlas: "MF103",
	Summary: "ADD COLUMN NOT NULL without a default fails as soon as the table has a row.",
	Why:     "There is no value for the rows that exist, and writers that do not know the column yet fail.",
	Fix:     "Give it a default, or add it nullable, fill it, and set NOT NULL later.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_AddColumn") {
			_, def := cmd.node("def")
			if !requires(def) {
				continue
			}
			_, table := p.target()
			column := quoteIdent(def.str("colname"))
			p.report(def.num("location"), table, def.str("colname"), "Adding "+column+" NOT NULL without a default fails when "+table+" has rows, and breaks writers that do not know it.",
				steps("Give it a default:", command("ALTER TABLE %s ADD COLUMN %s %s NOT NULL DEFAULT ...", table, column, readType(def.sub("typeName"))), "or add it without NOT NULL, fill it in batches, and set NOT NULL in a later file."))
		}
	},
}

// requires tells whether a new column is NOT NULL and has no value by itself.
func requires(def tree) bool {
	notNull, value := false, serials[readType(def.sub("typeName")).name] != ""
	for _, con := range def.nodes("constraints", "Constraint") {
		switch con.str("contype") {
		case "CONSTR_NOTNULL", "CONSTR_PRIMARY":
			notNull = true
		case "CONSTR_DEFAULT", "CONSTR_IDENTITY", "CONSTR_GENERATED":
			value = true
		}
	}
	return notNull && !value
}
