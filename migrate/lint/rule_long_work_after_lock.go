package lint

import (
	"fmt"
	"strconv"
)

var longWorkAfterLock = &Rule{
	Code: "BL123", Name: "long-work-after-lock", Group: Blocking, Severity: Warning,
	Summary: "A transaction that holds a lock goes on with work that takes long.",
	Why:     "Locks are kept until the transaction ends. A statement that is harmless by itself keeps others waiting as long as the slowest after it takes.",
	Fix:     "Put the long statement into the next file.",
	check: func(p *pass) {
		if p.file.noTx {
			return
		}
		for _, e := range p.effects {
			if !e.heavy() || e.cause == causeRows {
				continue
			}
			for _, h := range p.file.held {
				if h.lock.blocks() == "" || h.key == e.key && (e.cause == causeValidate || e.lock >= h.lock) || h.key == e.key && h.cmd.str("subtype") == "" && h.cause == e.cause {
					continue
				}
				f := p.report(e.at, h.object, "", fmt.Sprintf("This reads or writes the whole of %s while the transaction holds %s on %s since line %d: %s of %s wait all that time.", e.object, h.lock, h.object, h.line, h.lock.blocks(), h.object), "Put it into the next file, so that the lock of line "+strconv.Itoa(h.line)+" is given back before.")
				f.Lock, f.Rewrite = h.lock.String(), new(e.rewrite)
				break
			}
		}
	},
}
