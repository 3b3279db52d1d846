package lint

import (
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

const (
	waitsForEver    = "Without lock_timeout the file waits for its locks for as long as it takes, with everybody else behind it."
	leaveTheTimeout = "Leave lock_timeout alone: plinth up sets it; or set it to some seconds."
)

var lockTimeout = &Rule{
	Code: "AD108", Name: "lock-timeout", Group: Advice, Severity: Notice,
	Summary: "A file switches off the bound on waiting for locks.",
	Why:     "plinth up sets lock_timeout and tries a file again that could not get its lock. A file that sets it to 0, by SET or by `-- plinth:lock-timeout 0`, waits for as long as it takes, with everybody else behind it.",
	Fix:     "Leave lock_timeout alone, or set it to some seconds.",
	check: func(p *pass) {
		if p.kind != "VariableSetStmt" || p.tree.str("name") != "lock_timeout" || p.file.noTx || len(p.file.statements) < 2 {
			return
		}
		for _, arg := range p.tree.nodes("args", "A_Const") {
			if isZero(arg) {
				p.report(0, "", "", waitsForEver, leaveTheTimeout)
			}
		}
	},
	checkFile: func(p *pass) {
		if p.file.noTx || len(p.file.statements) == 0 {
			return
		}
		for _, d := range sqltext.Directives(p.file.source) {
			if d.Name == "plinth:lock-timeout" && noneButZero(d.Args) {
				p.report(0, "", "", waitsForEver, leaveTheTimeout).Line = d.Line
			}
		}
	},
}

// isZero tells whether a setting is the number 0, of whatever unit.
func isZero(arg tree) bool {
	switch {
	case arg["ival"] != nil:
		return arg.sub("ival").num("ival") == 0
	case arg["sval"] != nil:
		return noneButZero(arg.sub("sval").str("sval"))
	}
	return false
}

func noneButZero(number string) bool {
	return strings.Contains(number, "0") && !strings.ContainsAny(number, "123456789")
}
