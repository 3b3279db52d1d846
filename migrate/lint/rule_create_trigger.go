package lint

import "slices"

var createTrigger = &Rule{
	Code: "BL127", Name: "create-trigger", Group: Blocking, Severity: Notice,
	Summary: "CREATE TRIGGER keeps writers waiting for an instant, and until it has its lock.",
	Why:     "It takes ShareRowExclusiveLock: it waits for every transaction that writes the table, and writers who come after wait behind it until the file has ended. Readers go on. Where the file has such a lock on the table already, it is no finding. plinth up bounds the wait by lock_timeout and tries again; other tools do not.",
	Fix:     "Apply it with plinth up, or set lock_timeout; not beside long work in the same file.",
	check: func(p *pass) {
		if p.kind != "CreateTrigStmt" {
			return
		}
		for _, e := range p.effects {
			held := slices.ContainsFunc(p.file.held, func(h hold) bool { return h.key == e.key && h.lock >= e.lock })
			if e.key == rangeKey(p.tree.sub("relation")) && e.lock == shareRowExclusive && !held {
				p.hazard(e, "CREATE TRIGGER", "Apply it with plinth up, whose lock_timeout bounds the wait, while no long transaction runs.")
				return
			}
		}
	},
}
