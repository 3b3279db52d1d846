package lint

import "slices"

var runsAs = &Rule{
	Code: "SE107", Name: "runs-as", Group: Security, Severity: Warning,
	Summary: "A function or a view in use works with the privileges of another role from now on.",
	Why: "ALTER FUNCTION ... SECURITY DEFINER lets every caller do what the owner may; SECURITY INVOKER takes that from callers who relied on it. " +
		"security_invoker does the same for a view and the policies of its tables, and without security_barrier a caller's function may see rows that the view leaves out (manual, Rules and Privileges).",
	Fix: "A function or a view of another name beside it, until all code uses that.",
	check: func(p *pass) {
		name := ""
		switch {
		case p.kind == "AlterFunctionStmt":
			names := p.tree.sub("func").names("objname")
			if !p.isNew(aFunction, typeKey(names)) && hasOption(tree{"options": p.tree["actions"]}, "security") {
				name = qualified(names...)
			}
		case p.kind == "AlterTableStmt" && p.tree.str("objtype") == "OBJECT_VIEW":
			for _, cmd := range p.commands("AT_SetRelOptions", "AT_ResetRelOptions") {
				_, def := cmd.node("def")
				if options := (tree{"options": def["items"]}); slices.ContainsFunc([]string{"security_invoker", "security_barrier"}, func(o string) bool { return hasOption(options, o) }) {
					_, name = p.target()
				}
			}
		}
		if name != "" {
			p.report(0, name, "", name+" works with the privileges of another role, or shows other rows, from now on.", "Make one of another name beside it, and move code over; grant what callers need before.")
		}
	},
}
