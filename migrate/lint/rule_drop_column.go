package lint

import (
	"strings"
)

var dropColumn = &Rule{
	Code: "DS103", Name: "drop-column", Group: Destructive, Severity: Error, Atlas: "DS103",
	Summary: "DROP COLUMN loses the column's values.",
	Why:     "The values cannot be brought back by a down migration, and code that still names the column, as Ent's clients do in every query of the entity, fails at once.",
	Fix:     "First deploy code that does not use the column; then drop it in a later release.",
	check: func(p *pass) {
		for _, cmd := range p.commands("AT_DropColumn") {
			rangeVar, table := p.target()
			name := cmd.str("name")
			if c := p.relations[rangeKey(rangeVar)].column(name); c != nil && c.generated {
				continue
			}
			f := p.report(cmd.num("location"), table, name, "DROP COLUMN "+quoteIdent(name)+" loses the column's values in "+table+", and code that names it fails.", "Deploy code that does not use "+table+"."+quoteIdent(name)+" first, and drop it in a later release.")
			f.Lock, f.Rewrite = accessExclusive.String(), new(false)
		}
	},
}

// place is where a name stands in the statement; 0 if it is not found.
func (p *pass) place(name string) int {
	for _, t := range p.Tokens(2000) {
		text := p.Text[t.Start:t.End]
		if strings.EqualFold(text, name) || text == `"`+strings.ReplaceAll(name, `"`, `""`)+`"` {
			return t.Start
		}
	}
	return 0
}
