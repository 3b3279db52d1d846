package lint

import (
	"strings"
)

var foreignKeyWithoutIndex = &Rule{
	Code: "AD107", Name: "foreign-key-without-index", Group: Advice, Severity: Notice,
	Summary: "A foreign key without an index on its columns.",
	Why:     "Each DELETE of a referenced row, and each change of its key, reads the whole referencing table.",
	Fix:     "An index that begins with the columns.",
	checkFile: func(p *pass) {
		for _, s := range p.file.statements {
			stmt := &pass{model: p.model, statement: s, rule: p.rule, file: p.file, settings: p.settings}
			stmt.eachForeignKey(func(at int, table string, columns []*column, _ *relation, _ []string) {
				var names []string
				for _, c := range columns {
					if c == nil {
						return
					}
					names = append(names, c.name)
				}
				rangeVar := s.tree.sub("relation")
				if len(names) > 0 && p.relations[rangeKey(rangeVar)] != nil && !p.leadingIndex(rangeKey(rangeVar), names) {
					stmt.report(at, table, names[0], "No index of "+table+" begins with "+columnsOf(names)+": each DELETE of a referenced row reads the whole table.", steps("Add one, online if the table has rows:", command("CREATE INDEX CONCURRENTLY %s ON %s (%s)", quoteIdent(rangeVar.str("relname")+"_"+strings.Join(names, "_")+"_idx"), table, columnsOf(names))))
				}
			})
		}
	},
}
