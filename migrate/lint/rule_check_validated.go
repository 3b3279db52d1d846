package lint

var checkValidated = &Rule{
	Code: "BL105", Name: "check-validated", Group: Blocking, Severity: Error, Atlas: "PG305",
	Summary: "ADD CHECK without NOT VALID reads the whole table while nobody can use it.",
	Why:     "The statement takes AccessExclusiveLock and reads every row. With NOT VALID the constraint holds for new rows at once; VALIDATE CONSTRAINT reads the old ones under ShareUpdateExclusiveLock, which lets readers and writers go on.",
	Fix:     "`ADD CONSTRAINT ... CHECK (...) NOT VALID`; in the next file `VALIDATE CONSTRAINT`.",
	check: func(p *pass) {
		for _, e := range p.caused(causeDomainCheck) {
			name := qualified(p.tree.names("typeName")...)
			fix := "There is no form that lets writers go on: add the constraint while nobody writes, or put a check NOT VALID on each table, and validate it in the next file."
			p.hazard(e, "A constraint on the domain "+name+" that holds for the rows that are there", fix)
		}
		for _, e := range p.caused(causeCheck) {
			if e.scan {
				p.hazard(e, "Adding a check without NOT VALID", p.notValid(e, "check"))
			}
		}
	},
}
