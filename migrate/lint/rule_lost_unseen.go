package lint

import (
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

var lostUnseen = &Rule{
	Code: "DS109", Name: "lost-unseen", Group: Destructive, Severity: Error,
	Summary: "PostgreSQL was seen to drop a table, a column or a view that the statement does not name.",
	Why:     "The statement was run on a scratch database; a DO block, a function or CASCADE dropped it.",
	Fix:     "Drop it by name, if it has to go.",
	check: func(p *pass) {
		if p.seen == nil {
			return
		}
		var lost []string
		for _, o := range p.seen.Lost {
			if slices.Contains([]string{"table", "column", "view", "materialized view", "schema"}, o.Kind) && !p.names(o) {
				lost = append(lost, o.String())
			}
		}
		if len(lost) > 0 {
			p.report(0, "", "", "On a scratch database this statement dropped what it does not name: "+strings.Join(lost, ", ")+".", "Drop each by name, in a statement of its own, if it has to go.")
		}
	},
}

// names tells whether the last part of an object's name is a word of the statement, which is no DO block then.
func (p *pass) names(o trace.Object) bool {
	if p.in("DoStmt", "CallStmt", "SelectStmt") {
		return false
	}
	name := strings.Trim(o.Name[strings.LastIndex(o.Name, ".")+1:], `"`)
	return slices.ContainsFunc(p.Tokens(len(p.Text)), func(t sqltext.Token) bool { return strings.EqualFold(strings.Trim(p.Text[t.Start:t.End], `"`), name) })
}
