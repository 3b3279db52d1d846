package lint

import (
	"iter"
	"slices"
	"strings"
)

var dropSequence = &Rule{
	Code: "DS110", Name: "drop-sequence", Group: Destructive, Severity: Warning,
	Summary: "DROP SEQUENCE loses its count, and code that asks it for numbers fails.",
	Why:     "A down migration makes a sequence that begins anew, with numbers that rows have already. One that is made again in the same file is no finding, and neither is one that a serial column has left for an identity, before or after.",
	Fix:     "Deploy code that does not ask for its numbers first; note where it stood.",
	check: func(p *pass) {
		if !p.drops("OBJECT_SEQUENCE") {
			return
		}
		for _, e := range p.caused(causeDrop) {
			r, column := p.numbered(e.key)
			if c := r.column(column); p.sequenceAgain(e.key) || c != nil && c.identity { // which has a sequence of its own
				continue
			}
			f := p.report(0, e.object, "", "DROP SEQUENCE "+e.object+" loses its count, and code that asks it for numbers fails.", "Deploy code that does not use "+e.object+" first, and have the down migration set the new sequence beyond what rows have.")
			f.Lock, f.Rewrite = e.lock.String(), new(false)
		}
	},
}

// sequenceAgain tells whether the file makes a sequence of that name later, by itself or for an identity.
func (p *pass) sequenceAgain(key string) bool {
	if p.later(key, nil, "CreateSeqStmt") {
		return true
	}
	for table, column := range numberable(key) {
		again := p.later(table, func(s *statement) bool {
			return slices.ContainsFunc(s.tree.nodes("cmds", "AlterTableCmd"), func(cmd tree) bool {
				return cmd.str("subtype") == "AT_AddIdentity" && cmd.str("name") == column
			})
		}, "AlterTableStmt")
		if again {
			return true
		}
	}
	return false
}

// numberedBy is the name that PostgreSQL gives the sequence of a serial column or an identity, unless it is taken or too long.
func numberedBy(table, column string) string { return table + "_" + column + "_seq" }

// numberable are the tables, by their keys, and their columns that are numberedBy a sequence of that name.
func numberable(key string) iter.Seq2[string, string] {
	return func(yield func(table, column string) bool) {
		name, ok := strings.CutSuffix(key, "_seq")
		for i := range len(name) {
			if ok && name[i] == '_' && !yield(name[:i], name[i+1:]) {
				return
			}
		}
	}
}
