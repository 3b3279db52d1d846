package lint

var reindex = &Rule{
	Code: "BL120", Name: "reindex", Group: Blocking, Severity: Error,
	Summary: "REINDEX without CONCURRENTLY keeps writers waiting, and readers who would use the index.",
	Why:     "It takes ShareLock on the table and AccessExclusiveLock on each index until it is built.",
	Fix:     "`REINDEX ... CONCURRENTLY`, in a file of its own that begins with `-- atlas:txmode none`.",
	check: func(p *pass) {
		for _, e := range p.caused(causeReindex) {
			if e.lock == share {
				p.hazard(e, "REINDEX", steps(ownFile, "  "+p.with(p.Words(2)[1], "CONCURRENTLY")+";"))
			}
		}
	},
}
