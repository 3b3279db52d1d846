package lint

// replaced is off unless settings name it: most replacements mend something.
var replaced = &Rule{
	Code: "BC121", Name: "replaced", Group: Incompatible, Severity: Off,
	Summary: "CREATE OR REPLACE of a view or function in use, or ALTER EXTENSION ... UPDATE, changes what running code gets.",
	Why:     "Code goes on without an error, with other results. Off unless its code or name switches it on: what the old one did and the new one does, only people can compare. A view that loses a column is view-columns, which is on.",
	Fix:     "One of another name beside it, if old code must not see the difference.",
	check: func(p *pass) {
		name := ""
		switch p.kind {
		case "ViewStmt":
			view := p.tree.sub("view")
			if r := p.table(view); r != nil && r.run != p.run {
				name = display(view)
			}
		case "CreateFunctionStmt":
			if names := p.tree.names("funcname"); p.knows(aFunction, typeKey(names)) && !p.isNew(aFunction, typeKey(names)) {
				name = qualified(names...)
			}
		case "AlterExtensionStmt":
			if !p.isNew(anExtension, p.tree.str("extname")) {
				name = quoteIdent(p.tree.str("extname"))
			}
		}
		if name != "" {
			p.report(0, name, "", "Code that uses "+name+" gets what the new one does from now on, without an error.", "If old code must not see the difference, make one of another name beside it.")
		}
	},
}
