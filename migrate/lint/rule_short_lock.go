package lint

import "slices"

var shortLock = &Rule{
	Code: "BL124", Name: "short-lock", Group: Blocking, Severity: Notice,
	Summary: "A lock that keeps readers out for an instant.",
	Why:     "To get it, the statement waits for every transaction that uses the table, and whoever comes after waits behind it. plinth up bounds that wait by lock_timeout and tries again; other tools do not.",
	Fix:     "Apply it with plinth up, or set lock_timeout; not while long transactions run.",
	check: func(p *pass) {
		if p.seen != nil && p.seen.Err != nil && !p.seen.Err.OnRows {
			return // it does not get as far
		}
		told := map[string]bool{}
		for _, e := range p.effects {
			if e.lock != accessExclusive || e.heavy() || told[e.key] || p.saidOf(e.object) || e.cause == causeDropIndex || e.cause == causeLockTable {
				continue
			}
			told[e.key] = true
			f := p.report(e.at, e.object, e.column, "This "+e.describe()+".", "Apply it with plinth up, whose lock_timeout bounds the wait, while no long transaction runs.")
			f.Lock, f.Rewrite = e.lock.String(), new(false)
		}
	},
}

// saidOf tells whether a finding about the statement names the lock on the object already.
func (p *pass) saidOf(object string) bool {
	return slices.ContainsFunc(p.file.findings[p.file.from:], func(f Finding) bool {
		return f.Object == object && f.Lock == accessExclusive.String()
	})
}
