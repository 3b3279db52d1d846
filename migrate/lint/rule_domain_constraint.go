package lint

// domainConstraint is off unless settings name it: a new domain has no rows, and what costs later are rules of their own.
var domainConstraint = &Rule{
	Code: "AD117", Name: "domain-constraint", Group: Advice, Severity: Off,
	Summary: "A domain with a constraint, which is hard to change once tables use it.",
	Why: "To add such a column to a table with rows writes it anew (constrained-domain); to add a constraint to the domain reads every table that uses it while its writers wait (check-validated), unless it is NOT VALID, and VALIDATE CONSTRAINT does so all the same. " +
		"Off unless its code or name switches it on: until tables use the domain nobody waits.",
	Fix: "The base type, with a check of each table.",
	check: func(p *pass) {
		if p.kind == "CreateDomainStmt" && constrains(p.tree) {
			name := qualified(p.tree.names("domainname")...)
			p.report(0, name, "", "The constraint of the domain "+name+" cannot be changed online once tables use it.", "Use the base type, with a check of each table.")
		}
	},
}
