package lint

var refresh = &Rule{
	Code: "BL121", Name: "refresh", Group: Blocking, Severity: Error,
	Summary: "REFRESH MATERIALIZED VIEW without CONCURRENTLY keeps readers waiting until the query is done.",
	Why:     "It takes AccessExclusiveLock on the view. With CONCURRENTLY, which needs a unique index on the view, readers go on.",
	Fix:     "`REFRESH MATERIALIZED VIEW CONCURRENTLY`.",
	check: func(p *pass) {
		for _, e := range p.caused(causeRefresh) {
			if e.lock == accessExclusive && e.rewrite {
				p.hazard(e, "REFRESH", steps("With a unique index on the view:", "  "+p.with("VIEW", "CONCURRENTLY")+";"))
			}
		}
	},
}
