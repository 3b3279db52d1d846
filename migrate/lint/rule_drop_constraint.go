package lint

import (
	"slices"
)

var dropConstraint = &Rule{
	Code: "DS104", Name: "drop-constraint", Group: Destructive, Severity: Warning, Atlas: "CD101",
	Summary: "DROP CONSTRAINT lets rows in that the constraint kept out.",
	Why:     "Rows that break it may have come in before a down migration adds it again, which then fails.",
	Fix:     "Replace it in the same file, or make sure that code does not rely on it.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_DropConstraint") {
			rangeVar, table := p.target()
			r, name := p.relations[rangeKey(rangeVar)], cmd.str("name")
			if c := r.constraint(name); c != nil && (c.run == p.run || provedBy(r, c)) || p.replaced(rangeVar, name) {
				continue
			}
			p.report(cmd.num("location"), table, "", "DROP CONSTRAINT "+quoteIdent(name)+" lets rows into "+table+" that it kept out.", "If it is replaced, add the new one in the same file; otherwise make sure that no code relies on it.")
		}
	},
}

// provedBy tells whether a check only served to prove NOT NULL, which now is set.
func provedBy(r *relation, c *constraint) bool {
	return c.kind == "CONSTR_CHECK" && slices.ContainsFunc(r.columns, func(col *column) bool { return col.notNull && impliesNotNull(c.expr, col.name) })
}

// replaced tells whether the file adds a constraint of that name to the table, or one in the same statement.
func (p *pass) replaced(table tree, name string) bool {
	adds := func(s *statement) bool {
		return slices.ContainsFunc(s.tree.nodes("cmds", "AlterTableCmd"), func(cmd tree) bool {
			_, def := cmd.node("def")
			return cmd.str("subtype") == "AT_AddConstraint" && (def.str("conname") == name || s == p.statement)
		})
	}
	key := rangeKey(table)
	return adds(p.statement) || p.later(key, adds, "AlterTableStmt") || p.earlier(key, adds, "AlterTableStmt")
}
