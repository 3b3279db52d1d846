package lint

var storedColumn = &Rule{
	Code: "BL113", Name: "stored-column", Group: Blocking, Severity: Error,
	Summary: "A stored generated column writes the whole table anew.",
	Why:     "GENERATED ALWAYS AS (...) STORED has to be computed for each row, under AccessExclusiveLock.",
	Fix:     "A plain column, kept by a trigger and filled in batches; or an index on the expression.",
	check: func(p *pass) {
		for _, e := range p.caused(causeGenerated) {
			p.hazard(e, "A stored generated column", "Use a plain column that a trigger keeps, and fill the old rows in batches; or an index on the expression.")
		}
	},
}
