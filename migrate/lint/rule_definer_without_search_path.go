package lint

var definerWithoutSearchPath = &Rule{
	Code: "SE102", Name: "definer-without-search-path", Group: Security, Severity: Error,
	Summary: "A SECURITY DEFINER function without a search_path of its own.",
	Why:     "It runs with its owner's privileges and the caller's search_path: the caller can put a table or function of his own before those that it means (manual, Writing SECURITY DEFINER Functions Safely).",
	Fix:     "`SET search_path = schema, pg_temp` in its definition.",
	check: func(p *pass) {
		options := p.tree.nodes("options", "DefElem")
		if p.kind == "AlterFunctionStmt" {
			options = p.tree.nodes("actions", "DefElem")
		} else if p.kind != "CreateFunctionStmt" {
			return
		}
		definer, path := false, false
		for _, o := range options {
			_, value := o.node("arg")
			switch o.str("defname") {
			case "security":
				definer = value.flag("boolval")
			case "set":
				path = path || value.str("name") == "search_path" && value.str("kind") != "VAR_RESET"
			}
		}
		if p.kind == "AlterFunctionStmt" && definer && !path && p.later("", func(s *statement) bool {
			return has(map[string]any(s.tree), "VariableSetStmt", nil)
		}, "AlterFunctionStmt") {
			return
		}
		if definer && !path {
			name := qualified(append(p.tree.names("funcname"), p.tree.sub("func").names("objname")...)...)
			p.report(0, name, "", name+" runs with its owner's privileges and finds names by its caller's search_path, so that a caller can make it run what he likes.", steps("Add to its definition:", "  SET search_path = public, pg_temp"))
		}
	},
}
