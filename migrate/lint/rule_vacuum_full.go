package lint

var vacuumFull = &Rule{
	Code: "BL119", Name: "vacuum-full", Group: Blocking, Severity: Error,
	Summary: "VACUUM FULL and CLUSTER write the whole table anew while nobody can use it.",
	Why:     "Both take AccessExclusiveLock until the copy is done.",
	Fix:     "VACUUM without FULL makes room for new rows; pg_repack gives disk back online.",
	check: func(p *pass) {
		if p.kind == "VacuumStmt" && p.tree["rels"] == nil && hasOption(p.tree, "full") {
			f := p.report(0, "", "", "VACUUM FULL without a table goes through the whole database: reads and writes of each table wait while it is written anew, which takes the longer the larger it is.", "Use VACUUM without FULL, or pg_repack, which works online.")
			f.Lock, f.Rewrite = accessExclusive.String(), new(true)
			return
		}
		for _, e := range append(p.caused(causeVacuumFull), p.caused(causeCluster)...) {
			p.hazard(e, "The statement", "Use VACUUM without FULL, or pg_repack, which works online.")
		}
	},
}
