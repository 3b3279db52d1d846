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

// absent tells whether a DROP ... IF EXISTS finds nothing of a name that is known, or not, from the files before: as it was seen, or else as
// those files have it.
func (p *pass) absent(known bool) bool {
	if s := p.seen; s != nil && s.Ran && s.Err == nil && (len(s.Lost) == 0 || len(droppedNames(p.tree)) == 1) {
		return p.tree.flag("missing_ok") && len(s.Lost) == 0
	}
	return p.absentStatic(known)
}

// absentStatic is absent for what the trace does not tell of.
func (p *pass) absentStatic(known bool) bool {
	return p.tree.flag("missing_ok") && !known && len(p.relations) > 0
}

// drops tells whether the statement is a DROP of that kind.
func (p *pass) drops(removeTypes ...string) bool {
	return p.kind == "DropStmt" && slices.Contains(removeTypes, p.tree.str("removeType"))
}
