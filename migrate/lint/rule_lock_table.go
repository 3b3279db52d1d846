package lint

import (
	"fmt"
)

var lockTable = &Rule{
	Code: "BL122", Name: "lock-table", Group: Blocking, Severity: Warning,
	Summary: "LOCK TABLE keeps others waiting until the transaction ends.",
	Why:     "What follows in the same file runs under the lock.",
	Fix:     "Let each statement take the lock that it needs.",
	check: func(p *pass) {
		for _, e := range p.caused(causeLockTable) {
			if blocked := e.lock.blocks(); blocked != "" {
				f := p.report(0, e.object, "", fmt.Sprintf("LOCK TABLE takes %s on %s: %s wait until the file has ended.", e.lock, e.object, blocked), "Let each statement take the lock that it needs, for as short as it can.")
				f.Lock, f.Rewrite = e.lock.String(), new(false)
			}
		}
	},
}
