package lint

var storageChange = &Rule{
	Code: "BL116", Name: "storage-change", Group: Blocking, Severity: Error,
	Summary: "SET TABLESPACE, SET LOGGED, SET UNLOGGED and SET ACCESS METHOD copy the whole table while nobody can use it.",
	Why:     "Each takes AccessExclusiveLock until every page was copied.",
	Fix:     "Do it while the system is stopped; for a tablespace, pg_repack can do it online.",
	check: func(p *pass) {
		for _, e := range p.caused(causeStorage) {
			if e.rewrite {
				p.hazard(e, "The statement", "There is no online form in PostgreSQL: plan a time when nobody uses the table, or use pg_repack.")
			}
		}
	},
}
