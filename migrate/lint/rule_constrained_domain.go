package lint

var constrainedDomain = &Rule{
	Code: "BL115", Name: "constrained-domain", Group: Blocking, Severity: Error,
	Summary: "ADD COLUMN of a domain with a constraint writes the whole table anew, even without a default.",
	Why:     "PostgreSQL checks the domain's constraint for each row, under AccessExclusiveLock (ATExecAddColumn: DomainHasConstraints).",
	Fix:     "Use the domain's base type and a check that is NOT VALID at first.",
	check: func(p *pass) {
		for _, e := range p.caused(causeDomain) {
			p.hazard(e, "Adding "+quoteIdent(e.column)+", whose domain has a constraint,", "Give the column the domain's base type, and the check as a constraint of the table that is NOT VALID at first and validated in the next file.")
		}
	},
}
