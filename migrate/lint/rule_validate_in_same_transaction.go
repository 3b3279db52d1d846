package lint

import (
	"fmt"
)

var validateInSameTransaction = &Rule{
	Code: "BL106", Name: "validate-in-same-transaction", Group: Blocking, Severity: Error,
	Summary: "VALIDATE CONSTRAINT in the transaction that added the constraint reads the table under the lock of the ADD.",
	Why:     "NOT VALID helps because its lock is given back before the table is read. In one transaction the lock of ADD CONSTRAINT stays until VALIDATE CONSTRAINT has read all rows.",
	Fix:     "Put VALIDATE CONSTRAINT into the next file.",
	check: func(p *pass) {
		for _, e := range p.caused(causeValidate) {
			if e.scan && e.lock >= share {
				_, table := p.target()
				p.hazard(e, "VALIDATE CONSTRAINT reads the table under the lock of the statement's other parts: together it",
					steps("Put it into the next file:", command("ALTER TABLE %s VALIDATE CONSTRAINT %s", table, quoteIdent(e.cmd.str("name")))))
				continue
			}
			for _, h := range p.file.held {
				if h.key == e.key && h.lock >= share && e.scan {
					stronger := e
					stronger.lock = h.lock
					_, table := p.target()
					p.hazard(stronger, fmt.Sprintf("VALIDATE CONSTRAINT reads the table while the transaction still holds the lock of line %d: together it", h.line),
						steps("Put it into the next file:", command("ALTER TABLE %s VALIDATE CONSTRAINT %s", table, quoteIdent(e.cmd.str("name")))))
					break
				}
			}
		}
	},
}
