package diff

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lib/pq"
)

// Change is one difference, for people and for check.
type Change struct {
	Object string // "column users.nickname"
	Change string // "add", "drop" or what is altered: "set default of", "change type of"
	SQL    string // the statements that bring it about; "" where none is known
}

// String reads "add column users.nickname".
func (c Change) String() string { return c.Change + " " + c.Object }

// statement is one command with the comment above it.
type statement struct{ comment, sql string }

// script is a list of statements in the making.
type script struct {
	statements []statement
	changes    []Change
	unsafe     []error  // what an up must not do
	drops      []string // tables and columns that it drops, as DropError lists them
	alike      []Alike  // of these, what was renamed perhaps
	lost       []string // what the opposite direction cannot bring back, for its directive
	fails      []string // what may not work on a table with rows, for its own directive
	objects    []string // its own directives about the objects that it makes and drops
	noTx       bool     // its statements, which is one of an up, run each by itself
	repeatable bool     // and may run again after a crash
}

// do adds a statement that belongs to a change told elsewhere.
func (s *script) do(comment, format string, args ...any) {
	s.statements = append(s.statements, statement{comment, fmt.Sprintf(format, args...)})
}

// change adds statements that make one difference.
func (s *script) change(verb, object string, comment string, sql ...string) {
	for _, q := range sql {
		s.statements = append(s.statements, statement{comment, q})
	}
	c := Change{Object: object, Change: verb}
	if len(sql) > 0 {
		c.SQL = strings.Join(sql, ";\n") + ";"
	}
	s.changes = append(s.changes, c)
}

func (s *script) refuse(reason, advice string) {
	s.unsafe = append(s.unsafe, &UnsafeError{Reason: reason, Advice: advice})
}

// then is one script that does what s does and then what next does.
func (s *script) then(next *script) *script {
	return &script{
		statements: slices.Concat(s.statements, next.statements), changes: slices.Concat(s.changes, next.changes),
		unsafe: slices.Concat(s.unsafe, next.unsafe), drops: slices.Concat(s.drops, next.drops), alike: slices.Concat(s.alike, next.alike),
		lost: slices.Concat(s.lost, next.lost), fails: slices.Concat(s.fails, next.fails),
		objects: slices.Concat(s.objects, next.objects),
	}
}

func (s *script) empty() bool { return len(s.statements) == 0 && len(s.changes) == 0 }

// noteSizes says above the first statement how large the tables are that the script names.
func (s *script) noteSizes(sizes map[string]string) {
	var notes []string
	for _, name := range slices.Sorted(maps.Keys(sizes)) {
		if slices.ContainsFunc(s.statements, func(st statement) bool { return strings.Contains(st.sql, ident(name)) }) {
			notes = append(notes, fmt.Sprintf("%s: %s", ident(name), sizes[name]))
		}
	}
	if len(notes) > 0 && len(s.statements) > 0 {
		s.statements[0].comment = fmt.Sprintf("when this was planned: %s; %s", strings.Join(notes, "; "), s.statements[0].comment)
	}
}

// text is the file: directives, then the statements, one comment for those that share it.
func (s *script) text(directives ...string) string {
	var b strings.Builder
	if s.noTx {
		directives = slices.Insert(slices.Clone(directives), 0, "atlas:txmode none")
	}
	if s.repeatable {
		directives = append(directives, "plinth:repeatable")
	}
	for _, d := range directives {
		b.WriteString("-- " + strings.Join(strings.Fields(d), " ") + "\n")
	}
	if len(directives) > 0 {
		// A blank line ends the leading comments: what follows explains the first statement.
		b.WriteString("\n")
	}
	last := ""
	for _, st := range s.statements {
		if st.comment != last {
			b.WriteString("-- " + strings.Join(strings.Fields(st.comment), " ") + "\n")
			last = st.comment
		}
		b.WriteString(st.sql + ";\n")
	}
	return b.String()
}

// ident quotes a name.
func ident(name string) string { return pq.QuoteIdentifier(name) }

// literal quotes a string. pq's form for backslashes, " E'..'", carries a blank.
func literal(value string) string { return strings.TrimSpace(pq.QuoteLiteral(value)) }

func literals(values []string) string {
	quoted := make([]string, len(values))
	for i, v := range values {
		quoted[i] = literal(v)
	}
	return strings.Join(quoted, ", ")
}

func alter(table string) string { return "ALTER TABLE " + ident(table) + " " }

func modify(table string) string { return "modify " + ident(table) + " table" }

// list is for sentences.
func list(names []string) string { return strings.Join(names, ", ") }
