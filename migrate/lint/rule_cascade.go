package lint

import "slices"

var cascade = &Rule{
	Code: "DS108", Name: "cascade", Group: Destructive, Severity: Error,
	Summary: "CASCADE drops or empties what the file does not name.",
	Why:     "What depends on the object at the time of the deployment goes with it, also what was made since the file was written.",
	Fix:     "Name each object, in the order in which it has to go.",
	check: func(p *pass) {
		if p.drops("OBJECT_SCHEMA") && !slices.ContainsFunc(droppedNames(p.tree), func(names []string) bool {
			run, known := p.schemas[names[0]]
			return !known || run != p.run
		}) {
			return // what is in them is as new as they are
		}
		if p.tree.str("behavior") == "DROP_CASCADE" && p.in("DropStmt", "TruncateStmt") && len(p.effects) > 0 || p.in("DropOwnedStmt") && p.tree.str("behavior") == "DROP_CASCADE" ||
			p.tree.str("behavior") == "DROP_CASCADE" && p.drops("OBJECT_SCHEMA", "OBJECT_TYPE", "OBJECT_DOMAIN", "OBJECT_FUNCTION", "OBJECT_EXTENSION") {
			p.report(p.place("CASCADE"), "", "", "CASCADE takes with it whatever depends on the object when the file is applied, which the file does not say.", "Drop each dependent object by name first, and leave CASCADE out.")
		}
		for _, cmd := range p.commands("AT_DropColumn", "AT_DropConstraint") {
			if cmd.str("behavior") == "DROP_CASCADE" {
				_, table := p.target()
				p.report(p.place("CASCADE"), table, "", "CASCADE takes with it whatever depends on "+quoteIdent(cmd.str("name"))+" when the file is applied, which the file does not say.", "Drop each dependent object by name first, and leave CASCADE out.")
			}
		}
	},
}
