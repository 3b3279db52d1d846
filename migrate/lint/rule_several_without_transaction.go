package lint

import (
	"strconv"
)

var severalWithoutTransaction = &Rule{
	Code: "TX103", Name: "several-without-transaction", Group: Transactions, Severity: Notice,
	Summary: "Several statements in a file that runs without a transaction.",
	Why:     "When one fails, those before it stay. plinth up goes on where it stopped; golang-migrate sends the file as one message, which is a transaction, and fails.",
	Fix:     "One statement for each such file.",
	check: func(p *pass) {
		if p.file.noTx && p.index == 1 {
			p.report(0, "", "", "The file runs without a transaction and has "+strconv.Itoa(len(p.file.statements))+" statements: when one fails, those before it stay, and golang-migrate cannot run it.", "Give each statement a file of its own.")
		}
	},
}
