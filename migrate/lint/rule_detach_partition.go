package lint

var detachPartition = &Rule{
	Code: "BL125", Name: "detach-partition", Group: Blocking, Severity: Notice,
	Summary: "DETACH PARTITION takes AccessExclusiveLock on the partitioned table.",
	Why:     "The lock is held for an instant, on all partitions at once for those who come after. DETACH PARTITION ... CONCURRENTLY (since PostgreSQL 14) lets the others go on.",
	Fix:     "`DETACH PARTITION ... CONCURRENTLY`, in a file of its own that begins with `-- atlas:txmode none`.",
	Since:   14,
	check: func(p *pass) {
		for i, e := range p.caused(causeDetach) {
			if i == 0 && e.lock == accessExclusive {
				p.hazard(e, "DETACH PARTITION", steps(ownFile, "  "+p.Text+" CONCURRENTLY;"))
			}
		}
	},
}
