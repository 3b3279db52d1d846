package lint

var grantToPublic = &Rule{
	Code: "SE101", Name: "grant-to-public", Group: Security, Severity: Error,
	Summary: "GRANT to PUBLIC opens access for every role, those to come too.",
	Why:     "PUBLIC is everybody who can connect to the database.",
	Fix:     "Grant to a role.",
	check: func(p *pass) {
		stmt := p.tree
		if p.kind == "AlterDefaultPrivilegesStmt" {
			stmt = p.tree.sub("action")
		} else if p.kind != "GrantStmt" {
			return
		}
		for _, role := range stmt.nodes("grantees", "RoleSpec") {
			if stmt.flag("is_grant") && role.str("roletype") == "ROLESPEC_PUBLIC" {
				p.report(p.place("PUBLIC"), "", "", "The privilege goes to every role that can connect to the database, those to come too.", "Grant it to the role that needs it.")
			}
		}
	},
}
