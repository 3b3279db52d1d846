package lint

// enumType is off unless settings name it: native enums are one of the ways that this project offers.
var enumType = &Rule{
	Code: "AD116", Name: "enum-type", Group: Advice, Severity: Off,
	Summary: "A native enum, whose values cannot be removed or put in another order.",
	Why:     "PostgreSQL adds and renames values in an instant; to take one away, every column of the type has to be written anew. Off unless its code or name switches it on: plinth diff has online plans for it.",
	Fix:     "A table of the values with a foreign key, or text with a check.",
	check: func(p *pass) {
		if p.kind == "CreateEnumStmt" {
			name := qualified(p.tree.names("typeName")...)
			p.report(0, name, "", "Values of "+name+" cannot be removed later without writing its tables anew.", "Use a table of the values with a foreign key, or text with a check.")
		}
	},
}
