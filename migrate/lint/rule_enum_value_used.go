package lint

import (
	"fmt"
)

var enumValueUsed = &Rule{
	Code: "TX104", Name: "enum-value-used", Group: Transactions, Severity: Error,
	Summary: "A value that ALTER TYPE ... ADD VALUE added is used in the same transaction.",
	Why:     "PostgreSQL refuses: unsafe use of new value (SQLSTATE 55P04), unless the transaction made the type too.",
	Fix:     "Put the use into the next file.",
	check: func(p *pass) {
		if p.file.noTx {
			return
		}
		for _, s := range p.file.passed[subject{kind: "AlterEnumStmt"}] {
			value := s.tree.str("newVal")
			typ := p.types[typeKey(s.tree.names("typeName"))]
			if value == "" || s.tree.str("oldVal") != "" || typ != nil && typ.run == p.run || p.in("AlterEnumStmt", "CommentStmt") {
				continue
			}
			if has(map[string]any{p.kind: map[string]any(p.tree)}, "A_Const", func(c tree) bool { return c.sub("sval").str("sval") == value }) {
				p.report(0, "", "", fmt.Sprintf("The value '%s' was added in line %d of the same transaction: PostgreSQL refuses its use until that is committed.", value, s.Line), "Put this statement into the next file.")
				return
			}
		}
	},
}
