package lint

import "slices"

var compositeAttribute = &Rule{
	Code: "BC113", Name: "composite-attribute", Group: Incompatible, Severity: Warning,
	Summary: "An attribute that a composite type gets, loses or renames breaks code that writes or reads its values.",
	Why:     "A row of it is written and read as a whole: `ROW('a', 'b')::address` and `'(a,b)'::address` fail once there are three attributes, and a driver that decodes two fails too.",
	Fix:     "A second type, and a column of it beside the old one, until no code uses the old one.",
	check: func(p *pass) {
		name := p.tree.sub("relation")
		parts := []string{name.str("schemaname"), name.str("relname")}
		if typ := p.types[typeKey(parts)]; typ != nil && typ.run == p.run {
			return
		}
		what := ""
		switch {
		case p.kind == "RenameStmt" && p.tree.str("renameType") == "OBJECT_ATTRIBUTE":
			what = "names the attribute " + quoteIdent(p.tree.str("subname")) + " of " + display(name) + " fails once it is called " + quoteIdent(p.tree.str("newname"))
		case p.kind == "AlterTableStmt" && p.tree.str("objtype") == "OBJECT_TYPE" && slices.ContainsFunc(p.tree.nodes("cmds", "AlterTableCmd"), func(cmd tree) bool {
			return slices.Contains([]string{"AT_AddColumn", "AT_DropColumn", "AT_AlterColumnType"}, cmd.str("subtype"))
		}):
			what = "writes or reads whole rows of " + display(name) + " fails: they have other attributes from now on"
		default:
			return
		}
		p.report(0, display(name), "", "Code that "+what+".", "Make a second type and a column of it, move code and rows over, and drop the old one then.")
	},
}
