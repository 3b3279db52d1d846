package lint

var sessionSettings = &Rule{
	Code: "BC116", Name: "session-settings", Group: Incompatible, Severity: Warning,
	Summary: "ALTER ROLE, DATABASE or SYSTEM changes what running code's next sessions work under.",
	Why: "A search_path, a time zone or a timeout of a role or a database holds from the next connection on: half of a pool has the old one, half the new one, and names, times and limits mean something else. " +
		"NOLOGIN, VALID UNTIL, CONNECTION LIMIT and the like refuse connections or rights. A role that the same deployment made is no finding, nor is what gives a role more.",
	Fix: "Set it in the connection string of the code that is meant to have it.",
	check: func(p *pass) {
		role, who := p.tree.sub("role"), ""
		switch p.kind {
		case "AlterRoleSetStmt":
			who = "of every role"
			if role != nil {
				who = "of " + roleName(role)
			}
		case "AlterDatabaseSetStmt", "AlterDatabaseStmt":
			who = "in the database " + quoteIdent(p.tree.str("dbname"))
		case "AlterSystemStmt":
			who = "of every database of the server"
		case "AlterRoleStmt":
			if p.takesFromRole() {
				who = "of " + roleName(role)
			}
		}
		if who != "" && !p.isNew(aRole, role.str("rolename")) {
			p.report(0, "", "", "The next sessions "+who+" work under other settings or limits than the code that runs was made for.", "Set it in the connection string of the code that is meant to have it, or deploy at a time when no old code runs.")
		}
	},
}

// takesFromRole tells whether an ALTER ROLE has an option that may refuse something.
func (p *pass) takesFromRole() bool {
	for _, o := range p.tree.nodes("options", "DefElem") {
		kind, value := o.node("arg")
		if kind == "Boolean" && !value.flag("boolval") || o.str("defname") == "connectionlimit" && value.num("ival") >= 0 ||
			o.str("defname") == "validUntil" && value.str("sval") != "infinity" {
			return true
		}
	}
	return false
}
