package lint

import "slices"

var dropFunction = &Rule{
	Code: "BC106", Name: "drop-function", Group: Incompatible, Severity: Warning,
	Summary: "A dropped or renamed function breaks code that calls it.",
	Why:     "One that is made again in the same file is no finding, and neither is one that only triggers can call.",
	Fix:     "Deploy code that does not call it first.",
	check: func(p *pass) {
		if p.kind == "RenameStmt" && slices.Contains([]string{"OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"}, p.tree.str("renameType")) {
			_, object := p.tree.node("object")
			names := object.names("objname")
			if !p.spared(names) {
				p.report(0, qualified(names...), "", "Code that calls "+qualified(names...)+" fails once it is called "+quoteIdent(p.tree.str("newname"))+".", "Keep a function of the old name that calls the new one, until no code calls it.")
			}
			return
		}
		if !p.drops("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE") {
			return
		}
		for _, names := range droppedNames(p.tree) {
			known := p.knows(aFunction, typeKey(names)) || p.drops("OBJECT_AGGREGATE") // which the model does not have
			if !p.spared(names) && !p.absent(known) {
				p.report(0, qualified(names...), "", "Code that calls "+qualified(names...)+" fails.", "Deploy code that does not call it first.")
			}
		}
	},
}

// spared tells whether no code can miss the function: the file makes one of that name, it is as new as that, or code cannot call it.
func (p *pass) spared(names []string) bool {
	key := typeKey(names)
	return p.later(key, nil, "CreateFunctionStmt") || p.earlier(key, nil, "CreateFunctionStmt") ||
		p.isNew(aFunction, key) || p.knows(aTriggerFunction, key)
}
