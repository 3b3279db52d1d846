package lint

var exclusionConstraint = &Rule{
	Code: "BL110", Name: "exclusion-constraint", Group: Blocking, Severity: Error,
	Summary: "ADD EXCLUDE builds its index while nobody can use the table.",
	Why:     "The statement takes AccessExclusiveLock until the index is built and all rows are compared, and PostgreSQL has no other way to add one to a table with rows.",
	Fix:     "Make a new table with the constraint, copy the rows in batches while a trigger keeps both alike, and swap the names; or do it while the system is stopped, with a `-- atlas:nolint` that says so.",
	check: func(p *pass) {
		for _, e := range p.caused(causeExclusion) {
			p.hazard(e, "Adding an exclusion constraint", "There is no online form: make a new table with it, copy in batches while a trigger keeps both alike, swap the names; or stop the writers meanwhile.")
		}
	},
}
