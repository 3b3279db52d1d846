package lint

import "slices"

var dropDatabase = &Rule{
	Code: "DS112", Name: "drop-database", Group: Destructive, Severity: Error,
	Summary: "DROP DATABASE and DROP OWNED lose whatever is there when the file is applied.",
	Why:     "DROP DATABASE loses a database with all that is in it; DROP OWNED loses every table and other object of this database that the role owns, and the privileges that it was given.",
	Fix:     "Drop what has to go by name; `REASSIGN OWNED` before a role goes, after which DROP OWNED takes privileges only and is no finding.",
	check: func(p *pass) {
		switch p.kind {
		case "DropdbStmt":
			name := quoteIdent(p.tree.str("dbname"))
			p.report(0, name, "", "DROP DATABASE "+name+" loses everything in it.", "Leave it to whoever runs the server; a migration is about the database that it runs in.")
		case "DropOwnedStmt":
			if p.reassigned() {
				return
			}
			p.report(0, "", "", "DROP OWNED loses every object of this database that the role owns when the file is applied, which the file does not say.", "REASSIGN OWNED BY the role first, in the same file, so that DROP OWNED takes its privileges only.")
		}
	},
}

// reassigned tells whether the file has given away before what each of the roles owns.
func (p *pass) reassigned() bool {
	return !slices.ContainsFunc(p.tree.nodes("roles", "RoleSpec"), func(role tree) bool {
		return !p.earlier("", func(s *statement) bool {
			return slices.ContainsFunc(s.tree.nodes("roles", "RoleSpec"), func(gave tree) bool { return sameRole(gave, role) })
		}, "ReassignOwnedStmt")
	})
}
