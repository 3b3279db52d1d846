package lint

var attachPartition = &Rule{
	Code: "BL117", Name: "attach-partition", Group: Blocking, Severity: Error,
	Summary: "ATTACH PARTITION reads the table to be attached while nobody can use it.",
	Why:     "A validated CHECK on the table that implies the partition's bounds spares that (manual, ALTER TABLE, ATTACH PARTITION).",
	Fix:     "Add such a check NOT VALID, validate it in the next file, attach, drop the check.",
	check: func(p *pass) {
		for _, e := range p.caused(causeAttach) {
			if e.scan {
				p.hazard(e, "ATTACH PARTITION", steps("1. a check that says the bounds:", command("ALTER TABLE %s ADD CONSTRAINT bounds CHECK (<the partition's bounds, and IS NOT NULL>) NOT VALID", e.object),
					"2. in the next file:", command("ALTER TABLE %s VALIDATE CONSTRAINT bounds", e.object), "3. in the one after: this statement, and", command("ALTER TABLE %s DROP CONSTRAINT bounds", e.object)))
			}
		}
	},
}
