package lint

import (
	"github.com/plinth-db/plinth/migrate/sqltext"
)

var transactionControl = &Rule{
	Code: "TX101", Name: "transaction-control", Group: Transactions, Severity: Error, Atlas: "TX101",
	Summary: "BEGIN, COMMIT or ROLLBACK inside a file that runs in a transaction.",
	Why:     "The file runs in a transaction together with its row in the table of revisions; ending it in the middle would leave the file half applied and not recorded. One BEGIN and COMMIT around the whole file is taken for that transaction.",
	Fix:     "Leave them out; cut the file in two where a transaction has to end.",
	check: func(p *pass) {
		switch p.Control() {
		case sqltext.Begin, sqltext.Commit, sqltext.Rollback, sqltext.Prepare:
		default:
			return
		}
		last := len(p.file.statements) - 1
		around := !p.file.noTx && last > 0 && p.file.statements[0].Control() == sqltext.Begin && p.file.statements[last].Control() == sqltext.Commit
		if around && (p.index == 0 || p.index == last) {
			return
		}
		p.report(0, "", "", p.Words(1)[0]+" does not fit into a migration, which runs in a transaction of its own: plinth up refuses the file.", "Leave it out; where a transaction has to end, cut the file in two.")
	},
}
