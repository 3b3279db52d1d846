package lint

var volatileDefault = &Rule{
	Code: "BL112", Name: "volatile-default", Group: Blocking, Severity: Error, Atlas: "PG302",
	Summary: "ADD COLUMN with a default that is computed for each row writes the whole table anew.",
	Why:     "A constant default, or a stable one such as now(), is kept once in the catalog. A volatile one (gen_random_uuid(), clock_timestamp(), a function whose author did not mark it STABLE) has to be computed for each row, under AccessExclusiveLock.",
	Fix:     "Add the column without a default, set the default, fill old rows in batches.",
	check: func(p *pass) {
		for _, e := range p.caused(causeVolatile) {
			_, table := p.target()
			_, def := e.cmd.node("def")
			column := quoteIdent(e.column)
			p.hazard(e, "Adding "+column+" with a volatile default", steps("1. add the column without it:", command("ALTER TABLE %s ADD COLUMN %s %s", table, column, readType(def.sub("typeName"))),
				command("ALTER TABLE %s ALTER COLUMN %s SET DEFAULT ...", table, column), "2. in the next file, which begins with -- atlas:txmode none: fill the rows that are there, in batches;", "3. if it is NOT NULL: a check NOT VALID, VALIDATE CONSTRAINT, SET NOT NULL, a file each."))
		}
	},
}
