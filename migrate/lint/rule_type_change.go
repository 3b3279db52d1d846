package lint

var typeChange = &Rule{
	Code: "BL111", Name: "type-change", Group: Blocking, Severity: Error, Atlas: "PG301",
	Summary: "A change of a column's type that writes the whole table anew, while nobody can use it.",
	Why:     "ALTER COLUMN TYPE takes AccessExclusiveLock and rewrites the table and its indexes, unless the old values are valid as they are stored: varchar(n) to a longer varchar or to text, numeric to a higher precision of the same scale, cidr to inet. timestamp to timestamptz is free only where the session's TimeZone is UTC.",
	Fix:     "Add a column of the new type, keep it filled by a trigger, fill old rows in batches, swap the names.",
	check: func(p *pass) {
		for _, e := range p.caused(causeType) {
			if !e.heavy() {
				continue
			}
			_, def := e.cmd.node("def")
			typ, column := readType(def.sub("typeName")).String(), quoteIdent(e.column)
			_, table := p.target()
			p.hazard(e, "Changing the type of "+column, steps("1. "+"a column of the new type, which a trigger keeps filled:", command("ALTER TABLE %s ADD COLUMN %s %s", table, quoteIdent(e.column+"_new"), typ),
				"2. in the next files: fill it in batches, each in a transaction of its own;", "3. then, in one short transaction:",
				command("ALTER TABLE %s RENAME COLUMN %s TO %s", table, column, quoteIdent(e.column+"_old")), command("ALTER TABLE %s RENAME COLUMN %s TO %s", table, quoteIdent(e.column+"_new"), column)))
		}
	},
}
