package lint

var ifNotExists = &Rule{
	Code: "AD111", Name: "if-not-exists", Group: Advice, Severity: Notice,
	Summary: "IF NOT EXISTS keeps whatever has the name.",
	Why:     "A table or an index of the same name but of another definition, an INVALID index too, stays, and the migration says that it is done.",
	Fix:     "Leave it out: plinth up runs each file once.",
	check: func(p *pass) {
		if p.in("CreateStmt", "IndexStmt", "CreateSeqStmt", "CreateTableAsStmt") && p.tree.flag("if_not_exists") {
			p.report(0, "", "", "If something of that name is there, it stays as it is, whatever its definition, and the file counts as applied.", "Leave IF NOT EXISTS out: plinth up runs each file once.")
		}
		for _, cmd := range p.commands("AT_AddColumn") {
			if cmd.flag("missing_ok") {
				p.report(0, "", "", "If a column of that name is there, it stays as it is, whatever its type, and the file counts as applied.", "Leave IF NOT EXISTS out: plinth up runs each file once.")
			}
		}
	},
}
