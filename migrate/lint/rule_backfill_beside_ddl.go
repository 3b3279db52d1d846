package lint

import (
	"fmt"
)

var backfillBesideDDL = &Rule{
	Code: "DD105", Name: "backfill-beside-ddl", Group: DataDependent, Severity: Warning,
	Summary: "Rows are changed in the transaction that holds a lock for a schema change.",
	Why:     "The lock of the ALTER TABLE is kept until the rows are changed.",
	Fix:     "Schema changes in one file, rows in the next.",
	check: func(p *pass) {
		for _, e := range p.caused(causeRows) {
			for _, h := range p.file.held {
				if h.lock >= share && h.cause != causeRows {
					f := p.report(e.at, e.object, "", fmt.Sprintf("Rows of %s are changed while the transaction holds %s on %s since line %d: %s of %s wait until they all are.", e.object, h.lock, h.object, h.line, h.lock.blocks(), h.object), "Put it into the next file.")
					f.Lock, f.Rewrite = h.lock.String(), new(false)
					return
				}
			}
		}
	},
}
