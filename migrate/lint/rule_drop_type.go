package lint

var dropType = &Rule{
	Code: "DS105", Name: "drop-type", Group: Destructive, Severity: Warning,
	Summary: "A dropped or renamed type breaks code that names it.",
	Why:     "Without CASCADE the statement fails while a column has the type; with it, those columns go.",
	Fix:     "Drop it once no column and no code uses it.",
	check: func(p *pass) {
		if _, object := p.tree.node("object"); p.kind == "RenameStmt" && (p.tree.str("renameType") == "OBJECT_TYPE" || p.tree.str("renameType") == "OBJECT_DOMAIN") {
			names := object.names("items")
			again := p.later(typeKey(names), nil, "CreateEnumStmt", "CreateRangeStmt", "CreateDomainStmt")
			if typ := p.types[typeKey(names)]; !again && (typ == nil || typ.run != p.run) {
				p.report(0, qualified(names...), "", "Code that names the type "+qualified(names...)+" fails once it is called "+quoteIdent(p.tree.str("newname"))+".", "Deploy code that does not name the type first.")
			}
			return
		}
		if !p.drops("OBJECT_TYPE", "OBJECT_DOMAIN") {
			return
		}
		for _, names := range droppedNames(p.tree) {
			if typ := p.types[typeKey(names)]; typ == nil || typ.run != p.run {
				p.report(0, qualified(names...), "", "DROP TYPE "+qualified(names...)+" breaks code that casts to the type.", "Make sure that no code names the type; queries prepared before fail too.")
			}
		}
	},
}
