package lint

import (
	"slices"
)

var dropSchema = &Rule{
	Code: "DS101", Name: "drop-schema", Group: Destructive, Severity: Error, Atlas: "DS101",
	Summary: "DROP SCHEMA loses what is in it.",
	Why:     "With CASCADE everything in the schema goes, and what depends on it elsewhere; without, the statement fails unless the schema is empty.",
	Fix:     "Drop what is in it one by one, once nothing uses it.",
	check: func(p *pass) {
		if !p.drops("OBJECT_SCHEMA") {
			return
		}
		for _, names := range droppedNames(p.tree) {
			if run, known := p.schemas[names[0]]; !known || run != p.run {
				p.report(0, quoteIdent(names[0]), "", "DROP SCHEMA "+quoteIdent(names[0])+" loses everything in the schema.", "Make sure that nothing uses it and that a backup holds its data; then say so with -- atlas:nolint DS101 and the reason.")
			}
		}
	},
}

// drops tells whether the statement is a DROP of that kind.
func (p *pass) drops(removeTypes ...string) bool {
	return p.kind == "DropStmt" && slices.Contains(removeTypes, p.tree.str("removeType"))
}
