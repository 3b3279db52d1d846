package lint

var indexNotConcurrent = &Rule{
	Code: "BL101", Name: "index-not-concurrent", Group: Blocking, Severity: Error, Atlas: "PG101",
	Summary: "CREATE INDEX without CONCURRENTLY keeps writers waiting until the index is built.",
	Why:     "CREATE INDEX takes ShareLock on the table until it ends: INSERT, UPDATE and DELETE wait, for a time that grows with the table. With CONCURRENTLY they go on; the build takes longer, cannot run in a transaction, and leaves an INVALID index when it fails, which plinth up drops and builds again.",
	Fix:     "`CREATE INDEX CONCURRENTLY`, in a file of its own that begins with `-- atlas:txmode none`.",
	check: func(p *pass) {
		for _, e := range p.caused(causeIndex) {
			if e.lock != share || p.partitioned(e.key) {
				continue
			}
			p.hazard(e, "CREATE INDEX", steps(ownFile, "  "+p.with("INDEX", "CONCURRENTLY")+";"))
		}
	},
}
