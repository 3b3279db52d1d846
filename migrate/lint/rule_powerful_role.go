package lint

import (
	"strings"
)

var powerfulRole = &Rule{
	Code: "SE105", Name: "powerful-role", Group: Security, Severity: Error,
	Summary: "A role with SUPERUSER or BYPASSRLS.",
	Why:     "Nothing holds it back.",
	Fix:     "Grant what is needed.",
	check: func(p *pass) {
		if !p.in("CreateRoleStmt", "AlterRoleStmt") {
			return
		}
		for _, o := range p.tree.nodes("options", "DefElem") {
			_, value := o.node("arg")
			if (o.str("defname") == "superuser" || o.str("defname") == "bypassrls") && value.flag("boolval") {
				p.report(0, "", "", strings.ToUpper(o.str("defname"))+" puts the role beyond privileges and policies.", "Grant the role what it needs.")
			}
		}
	},
}
