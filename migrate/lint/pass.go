package lint

import (
	"fmt"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate/lint/trace"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// file is a text whose statements are looked at, one after the other.
type file struct {
	name       string
	source     string
	noTx       bool // -- atlas:txmode none
	chosen     bool
	trace      *trace.File // nil if it was not run
	statements []*statement
	held       []hold // by the transaction so far, on what existed
	holds      map[heldLock]bool
	wait       wait                     // for locks, and what bounds it
	lostViews  map[string][]*column     // views that it has dropped so far, as they were
	all        subjects                 // of its statements, as they are written
	passed     subjects                 // of those before the present one, with the schemas that their names were found in
	grantsTo   map[grantTo][]*statement // of all, once asked for
	atCommit   []func()                 // what rules ask of the model once others see what the statements did
	findings   []Finding
	from       int // of the findings: the first that is about the present statement
}

// hold is a lock that an earlier statement of the same transaction took.
type hold struct {
	effect
	line int
}

// heldLock is what rules tell holds by.
type heldLock struct {
	key     string
	lock    lockMode
	cause   cause
	subtype string // of the part of an ALTER TABLE
}

type statement struct {
	sqltext.Stmt
	index   int    // in its file
	kind    string // of its tree, "" if it could not be parsed
	tree    tree
	fault   error // of the parser
	effects []effect
	seen    *trace.Statement // nil if it was not measured
}

// pass is what a rule sees: a statement (or, for a rule about files, none), what is before it, and the model as it is before it.
type pass struct {
	*model
	*statement
	rule     *Rule
	file     *file
	settings *Settings
}

// placeCommands gives the parts of an ALTER TABLE their locations, which the tree has only for what some of them define.
func (s *statement) placeCommands() {
	var places []int
	depth, started := 0, false
	tokens := s.Tokens(len(s.Text))
	for i, t := range tokens {
		switch {
		case t.Word == "(":
			depth++
		case t.Word == ")":
			depth--
		case depth == 0 && t.Word == "," && started && i+1 < len(tokens):
			places = append(places, tokens[i+1].Start)
		case !started && i > 2 && tokens[i-1].Word != "." && t.Word != "." && tokens[i-1].Word != "ONLY" && tokens[i-1].Word != "EXISTS" && t.Word != "EXISTS" && t.Word != "*" && t.Word != "ONLY":
			started = true
			places = append(places, t.Start)
		}
	}
	for i, cmd := range s.tree.nodes("cmds", "AlterTableCmd") {
		if i < len(places) && cmd["location"] == nil {
			cmd["location"] = float64(places[i])
		}
	}
}

// in tells whether the statement has one of the kinds.
func (p *pass) in(kinds ...string) bool { return slices.Contains(kinds, p.kind) }

// caused are the effects on what exists that have the cause.
func (p *pass) caused(c cause) (list []effect) {
	for _, e := range p.effects {
		if e.cause == c {
			list = append(list, e)
		}
	}
	return list
}

// commands are the parts of an ALTER TABLE of those subtypes, on a table that exists; none for another statement.
func (p *pass) commands(subtypes ...string) (list []tree) {
	if p.kind != "AlterTableStmt" || p.tree.str("objtype") == "OBJECT_TYPE" || p.fresh(rangeKey(p.tree.sub("relation"))) || p.altersNothing(p.tree) {
		return nil
	}
	for _, cmd := range p.tree.nodes("cmds", "AlterTableCmd") {
		if slices.Contains(subtypes, cmd.str("subtype")) {
			list = append(list, cmd)
		}
	}
	return list
}

// atCommit calls f when others see what the statement did, with the model as it is then: after the file's last statement, or after this one
// where each is a transaction by itself. What is told before may be undone by a later statement.
func (p *pass) atCommit(f func()) { p.file.atCommit = append(p.file.atCommit, f) }

// target is the table that the statement is about.
func (p *pass) target() (rangeVar tree, name string) {
	rangeVar = p.tree.sub("relation")
	return rangeVar, display(rangeVar)
}

// report adds a finding. at is a byte of the statement.
func (p *pass) report(at int, object, column, message, fix string) *Finding {
	f := Finding{Rule: p.rule, Severity: p.rule.Severity, File: p.file.name, Message: message, Fix: fix, Object: object, Field: column}
	if p.statement != nil {
		f.Measured = p.seen != nil && p.seen.Ran && p.seen.Err == nil
		f.Statement = p.Text
		f.Line, f.Column = sqltext.Position(p.Text, at) // not in the whole file, which may be long
		if f.Line == 1 {
			f.Column += p.Column - 1
		}
		f.Line += p.Line - 1
	}
	p.file.findings = append(p.file.findings, f)
	return &p.file.findings[len(p.file.findings)-1]
}

// hazard reports an effect under a lock: head says what has it.
func (p *pass) hazard(e effect, head, fix string) {
	f := p.report(e.at, e.object, e.column, head+" "+e.describe()+".", fix)
	f.Lock, f.Rewrite = e.lock.String(), new(e.rewrite)
}

// with inserts words after the first of the tokens that is word: CREATE INDEX becomes CREATE INDEX CONCURRENTLY.
func (s *statement) with(word, insert string) string {
	for _, t := range s.Tokens(16) {
		if t.Word == word {
			return s.Text[:t.End] + " " + insert + s.Text[t.End:]
		}
	}
	return s.Text
}

const ownFile = "In a file of its own that begins with -- atlas:txmode none:"

// steps writes a fix: a line that says where, and the statements.
func steps(parts ...string) string { return strings.Join(parts, "\n") }

func command(format string, args ...any) string { return "  " + fmt.Sprintf(format, args...) + ";" }

// columnsOf writes a list of columns.
func columnsOf(names []string) string {
	list := make([]string, len(names))
	for i, n := range names {
		list[i] = quoteIdent(n)
	}
	return strings.Join(list, ", ")
}
