package lint

import (
	"fmt"
)

var renameValue = &Rule{
	Code: "BC105", Name: "rename-value", Group: Incompatible, Severity: Warning,
	Summary: "A renamed enum value breaks code that writes or compares the old one.",
	Why:     "Code and schema cannot be changed in the same instant.",
	Fix:     "Add a value, move code and rows over, remove the old one in a later release.",
	check: func(p *pass) {
		if p.kind == "AlterEnumStmt" && p.tree.str("oldVal") != "" {
			name := qualified(p.tree.names("typeName")...)
			if typ := p.types[typeKey(p.tree.names("typeName"))]; typ == nil || typ.run != p.run {
				p.report(0, name, "", fmt.Sprintf("Code that writes or compares '%s' of %s fails once it is called '%s'.", p.tree.str("oldVal"), name, p.tree.str("newVal")), "Deploy at a time when no old code runs, or add the new value, move code and rows over, and remove the old one later.")
			}
		}
	},
}
