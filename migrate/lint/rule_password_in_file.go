package lint

import (
	"strings"
)

var passwordInFile = &Rule{
	Code: "SE103", Name: "password-in-file", Group: Security, Severity: Error,
	Summary: "A password in a migration is in the repository for good.",
	Why:     "It is in every clone, in logs of the server, and in whatever shows the file.",
	Fix:     "Create the role without one; set it where secrets are kept.",
	check: func(p *pass) {
		secret := false
		switch p.kind {
		case "CreateRoleStmt", "AlterRoleStmt":
			for _, o := range p.tree.nodes("options", "DefElem") {
				secret = secret || o.str("defname") == "password" && o["arg"] != nil
			}
		case "CreateUserMappingStmt", "AlterUserMappingStmt", "CreateForeignServerStmt", "AlterForeignServerStmt":
			for _, o := range p.tree.nodes("options", "DefElem") {
				secret = secret || strings.EqualFold(o.str("defname"), "password")
			}
		case "CreateSubscriptionStmt", "AlterSubscriptionStmt":
			secret = strings.Contains(strings.ToLower(p.tree.str("conninfo")), "password")
		}
		if secret {
			p.report(0, "", "", "The file holds a password, which stays in the repository's history.", "Leave it out, change it where it is used already, and set it from where secrets are kept.")
		}
	},
}
