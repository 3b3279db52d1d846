package lint

var notInTransaction = &Rule{
	Code: "TX102", Name: "not-in-transaction", Group: Transactions, Severity: Error, Atlas: "PG103",
	Summary: "A command that cannot run in a transaction, in a file that runs in one.",
	Why:     "PostgreSQL refuses it (SQLSTATE 25001).",
	Fix:     "Put it into a file of its own that begins with `-- atlas:txmode none`.",
	check: func(p *pass) {
		if what, alone := p.NoTransaction(); alone && !p.file.noTx {
			p.report(0, "", "", what+" cannot run in a transaction, and the file runs in one.", steps(ownFile, "  "+p.Text+";"))
		}
	},
}
