package lint

var dropIndexNotConcurrent = &Rule{
	Code: "BL103", Name: "drop-index-not-concurrent", Group: Blocking, Severity: Notice, Atlas: "PG102",
	Summary: "DROP INDEX takes AccessExclusiveLock on the table.",
	Why:     "The lock is held for an instant, but to get it DROP INDEX waits for every transaction that uses the table, and whoever comes after waits behind it. DROP INDEX CONCURRENTLY waits without keeping anybody out.",
	Fix:     "`DROP INDEX CONCURRENTLY`, in a file of its own that begins with `-- atlas:txmode none`.",
	check: func(p *pass) {
		for _, e := range p.caused(causeDropIndex) {
			p.hazard(e, "DROP INDEX", steps(ownFile, "  "+p.with("INDEX", "CONCURRENTLY")+";"))
		}
	},
}
