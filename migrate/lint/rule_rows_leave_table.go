package lint

import "slices"

var rowsLeaveTable = &Rule{
	Code: "BC118", Name: "rows-leave-table", Group: Incompatible, Severity: Warning,
	Summary: "DETACH PARTITION and NO INHERIT take rows out of the table that code reads.",
	Why:     "Queries of the parent no longer find the child's rows, and do not fail; an INSERT into a range that has no partition any more does. A child that comes back in the same file, one that is dropped there, which is drop-table's to tell, and one that the same deployment made is no finding.",
	Fix:     "Deploy code that does not need the rows, or reads them where they are, first.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_DetachPartition", "AT_DropInherit") {
			_, def := cmd.node("def")
			child, parent := def.sub("name"), p.tree.sub("relation")
			if cmd.str("subtype") == "AT_DropInherit" {
				child, parent = parent, def
			}
			if r := p.table(parent); p.fresh(rangeKey(child)) || p.fresh(rangeKey(parent)) || r != nil && r.index != nil || p.comesBack(child) {
				continue
			}
			p.report(cmd.num("location"), display(parent), "", "Queries of "+display(parent)+" no longer find the rows of "+display(child)+".", "Deploy code that does not need them, or reads them in "+display(child)+", first.")
		}
	},
}

// comesBack tells whether the file drops the table later, or gives it a parent again.
func (p *pass) comesBack(child tree) bool {
	key := rangeKey(child)
	return p.later("", func(s *statement) bool {
		return s.tree.str("removeType") == "OBJECT_TABLE" && slices.ContainsFunc(droppedNames(s.tree), func(names []string) bool { return partsKey(names) == key })
	}, "DropStmt") || p.later("", func(s *statement) bool {
		return slices.ContainsFunc(s.tree.nodes("cmds", "AlterTableCmd"), func(cmd tree) bool {
			_, def := cmd.node("def")
			return cmd.str("subtype") == "AT_AttachPartition" && rangeKey(def.sub("name")) == key || cmd.str("subtype") == "AT_AddInherit" && rangeKey(s.tree.sub("relation")) == key
		})
	}, "AlterTableStmt")
}
