package lint

var truncate = &Rule{
	Code: "DS107", Name: "truncate", Group: Destructive, Severity: Error,
	Summary: "TRUNCATE loses all rows of the table.",
	Why:     "No down migration brings them back; readers and writers wait meanwhile.",
	Fix:     "Delete what has to go in batches, by a condition.",
	check: func(p *pass) {
		for _, e := range p.caused(causeTruncate) {
			f := p.report(0, e.object, "", "TRUNCATE loses all rows of "+e.object+".", "If rows have to go, delete them by a condition, in batches.")
			f.Lock, f.Rewrite = e.lock.String(), new(false)
		}
	},
}
