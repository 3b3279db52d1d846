package lint

import (
	"strings"
)

var lockTimeout = &Rule{
	Code: "AD108", Name: "lock-timeout", Group: Advice, Severity: Notice,
	Summary: "A file switches off the bound on waiting for locks.",
	Why:     "plinth up sets lock_timeout and tries a file again that could not get its lock. A file that sets it to 0 waits for as long as it takes, with everybody else behind it.",
	Fix:     "Leave lock_timeout alone, or set it to some seconds.",
	check: func(p *pass) {
		if p.kind != "VariableSetStmt" || p.tree.str("name") != "lock_timeout" {
			return
		}
		for _, arg := range p.tree.nodes("args", "A_Const") {
			if number := arg.sub("ival"); arg["ival"] != nil && number.num("ival") == 0 || arg["sval"] != nil && strings.Trim(arg.sub("sval").str("sval"), " 0") == "" {
				if len(p.file.statements) > 1 && !p.file.noTx {
					p.report(0, "", "", "Without lock_timeout the file waits for its locks for as long as it takes, with everybody else behind it.", "Leave lock_timeout alone: plinth up sets it; or set it to some seconds.")
				}
			}
		}
	},
}
