package lint

import (
	"slices"
)

var renameTable = &Rule{
	Code: "BC101", Name: "rename-table", Group: Incompatible, Severity: Warning, Atlas: "BC101",
	Summary: "A renamed or moved table, or a renamed schema, breaks code that uses the old name.",
	Why:     "Code and schema cannot be changed in the same instant: one of both is wrong for the time of the deployment.",
	Fix:     "Keep a view of the old name until no code uses it.",
	check: func(p *pass) {
		if old := p.tree.str("subname"); p.kind == "RenameStmt" && p.tree.str("renameType") == "OBJECT_SCHEMA" {
			if run, known := p.schemas[old]; !known || run != p.run {
				p.report(0, quoteIdent(old), "", "Code that uses the schema "+quoteIdent(old)+", by name or on its search_path, fails once it is called "+quoteIdent(p.tree.str("newname"))+".", "Make the new schema beside the old one, and move what is in it bit by bit; or put both on the search_path of the code first.")
			}
			return
		}
		rangeVar := p.tree.sub("relation")
		if rangeVar == nil || p.fresh(rangeKey(rangeVar)) {
			return
		}
		old := display(rangeVar)
		switch {
		case p.kind == "RenameStmt" && (p.namesSequence() || p.indexed(rangeVar) != nil): // which ALTER TABLE renames too
		case p.kind == "RenameStmt" && slices.Contains([]string{"OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW"}, p.tree.str("renameType")):
			renamed := qualified(rangeVar.str("schemaname"), p.tree.str("newname"))
			if p.later(rangeKey(rangeVar), nil, makesRelation...) {
				return // a view or a table takes its name
			}
			f := p.report(0, old, "", "Code that uses "+old+" fails once it is called "+renamed+".", steps("In the same file, until no code uses the old name:", command("CREATE VIEW %s AS SELECT * FROM %s", old, renamed)))
			f.Lock, f.Rewrite = accessExclusive.String(), new(false)
		case p.kind == "AlterObjectSchemaStmt":
			f := p.report(0, old, "", "Code that uses "+old+" fails once it is in the schema "+quoteIdent(p.tree.str("newschema"))+", unless its search_path finds it.", "Put the new schema on the search_path of the code first.")
			f.Lock, f.Rewrite = accessExclusive.String(), new(false)
		}
	},
}
