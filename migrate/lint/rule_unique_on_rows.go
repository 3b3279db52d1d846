package lint

import (
	"slices"
)

var uniqueOnRows = &Rule{
	Code: "DD102", Name: "unique-on-rows", Group: DataDependent, Severity: Warning, Atlas: "MF101",
	Summary: "A unique index on a table with rows fails on duplicates.",
	Why:     "CREATE UNIQUE INDEX CONCURRENTLY fails too, and leaves an INVALID index behind, which still slows writers until it is dropped.",
	Fix:     "Look for duplicates first.",
	check: func(p *pass) {
		for _, e := range append(p.caused(causeIndex), p.caused(causeUnique)...) {
			columns := []string{e.column}
			if p.kind == "IndexStmt" {
				if !p.tree.flag("unique") {
					continue
				}
				columns = nil
				for _, i := range p.tree.nodes("indexParams", "IndexElem") {
					columns = append(columns, i.str("name"))
				}
			} else if _, def := e.cmd.node("def"); def != nil {
				columns = def.names("keys")
			}
			if !e.scan || slices.Contains(columns, "") || p.addedHere(e.key, columns) {
				continue
			}
			list := columnsOf(columns)
			p.report(e.at, e.object, columns[0], "The unique index on "+e.object+" ("+list+") cannot be built when two rows are alike.", steps("Look before, and settle what is found:", command("SELECT %s, count(*) FROM %s GROUP BY %s HAVING count(*) > 1", list, e.object, list)))
		}
	},
}

// addedHere tells whether the statement or the file adds one of the columns, which then holds NULL or one value.
func (p *pass) addedHere(key string, columns []string) bool {
	adds := func(s *statement) bool {
		return slices.ContainsFunc(s.tree.nodes("cmds", "AlterTableCmd"), func(cmd tree) bool {
			_, def := cmd.node("def")
			return cmd.str("subtype") == "AT_AddColumn" && slices.Contains(columns, def.str("colname"))
		})
	}
	return p.kind == "AlterTableStmt" && adds(p.statement) || p.earlier(key, adds, "AlterTableStmt")
}
