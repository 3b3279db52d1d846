package migrate

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// script is one file, up or down, read and checked: what is run, and how.
type script struct {
	file       *File
	path       string // the file's name
	down       bool
	statements []sqltext.Stmt
	noTx       bool // -- atlas:txmode none
	ownTx      bool // the file has a BEGIN ... COMMIT around it
	repeatable bool // -- plinth:repeatable: what commits by itself may be run again

	// Of the directives plinth:lock-timeout and plinth:statement-timeout; nil where there is none, 0 for no bound.
	lockTimeout, statementTimeout *time.Duration

	sums []string // of the statements, once computed
	owns []bool   // of ownLockTimeout, once computed
}

// parse reads the up or the down side of f and refuses, before anything runs, what could not run as meant.
func parse(f *File, down bool) (*script, error) {
	s := &script{file: f, path: f.UpFile(), down: down}
	text := f.Up
	if down {
		s.path, text = f.DownFile(), f.Down
	}
	statements, err := sqltext.Split(text)
	if err != nil {
		if e, ok := errors.AsType[*sqltext.Error](err); ok {
			return nil, &DirError{File: fmt.Sprintf("%s:%d:%d", s.path, e.Line, e.Column), Reason: e.Message}
		}
		return nil, err
	}
	for _, d := range sqltext.Directives(text) {
		if err := s.obey(d); err != nil {
			return nil, err
		}
	}
	if n := len(statements); !s.noTx && n >= 2 && isPlain(statements[0], sqltext.Begin) && isPlain(statements[n-1], sqltext.Commit) {
		statements = statements[1 : n-1] // the file's own transaction is ours
		s.ownTx = true
	}
	s.statements = statements
	for _, stmt := range statements {
		if err := s.check(stmt); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// obey takes a directive. Those of Atlas that are not for the engine are passed over.
func (s *script) obey(d sqltext.Directive) error {
	refuse := func(reason string) error {
		return &DirError{File: fmt.Sprintf("%s:%d", s.path, d.Line), Reason: reason}
	}
	var err error
	switch d.Name {
	case "atlas:txmode":
		switch d.Args {
		case "none":
			s.noTx = true
		case "file":
		default:
			return refuse(fmt.Sprintf("atlas:txmode %q is not known; write none or file", d.Args))
		}
	case "plinth:repeatable":
		s.repeatable = true
	case "plinth:lock-timeout":
		s.lockTimeout, err = parseBound(d.Args)
	case "plinth:statement-timeout":
		s.statementTimeout, err = parseBound(d.Args)
	case parentsDirective, irreversibleDirective, objectsDirective, droppedDirective, fillsDirective:
	default:
		if strings.HasPrefix(d.Name, "plinth:") {
			return refuse(fmt.Sprintf("%s is not a directive; there are plinth:parents, plinth:irreversible, plinth:repeatable, plinth:lock-timeout, plinth:statement-timeout, and plinth:fills, plinth:objects and plinth:objects-dropped, which diff writes", d.Name))
		}
	}
	if err != nil {
		return refuse(fmt.Sprintf("%s: %v", d.Name, err))
	}
	return nil
}

// parseBound reads a duration such as 10s or 2m; a plain number is seconds, and 0 is no bound.
func parseBound(text string) (*time.Duration, error) {
	d, err := time.ParseDuration(text)
	if seconds, numeric := strconv.ParseFloat(text, 64); err != nil && numeric == nil {
		d, err = time.Duration(seconds*float64(time.Second)), nil
	}
	if err == nil {
		err = checkBound(d)
	}
	if err != nil {
		return nil, fmt.Errorf("%q is not a duration; write 10s, 2m or 0 for no bound, at most 24 days", text)
	}
	return &d, nil
}

// checkBound: the server's timeouts are milliseconds in 32 bits.
func checkBound(d time.Duration) error {
	if d < 0 || d.Milliseconds() > math.MaxInt32 {
		return fmt.Errorf("%v: a timeout is between 0, for no bound, and 24 days", d)
	}
	return nil
}

// ownLockTimeout reports whether the file has set lock_timeout by itself before statement i, counted from 0. Without a transaction,
// SET LOCAL ends with its statement.
func (s *script) ownLockTimeout(i int) bool {
	if s.owns == nil {
		s.owns = make([]bool, len(s.statements)+1)
		for n, stmt := range s.statements {
			s.owns[n+1] = s.setsLockTimeout(stmt, s.owns[n])
		}
	}
	return s.owns[i]
}

func (s *script) setsLockTimeout(stmt sqltext.Stmt, before bool) bool {
	w := stmt.Words(3)
	switch {
	case len(w) == 3 && w[0] == "SET" && (w[1] == "LOCK_TIMEOUT" || w[1] == "SESSION" && w[2] == "LOCK_TIMEOUT" || w[1] == "LOCAL" && w[2] == "LOCK_TIMEOUT" && !s.noTx):
		return true
	case len(w) == 2 && w[0] == "RESET" && (w[1] == "LOCK_TIMEOUT" || w[1] == "ALL"):
		return false
	}
	return before
}

// isPlain reports whether a statement is transaction control of this kind and says nothing more, such as an isolation
// level or AND CHAIN.
func isPlain(stmt sqltext.Stmt, c sqltext.Control) bool {
	if stmt.Control() != c {
		return false
	}
	switch strings.Join(stmt.Words(3), " ") {
	case "BEGIN", "BEGIN WORK", "BEGIN TRANSACTION", "START TRANSACTION",
		"COMMIT", "COMMIT WORK", "COMMIT TRANSACTION", "END", "END WORK", "END TRANSACTION":
		return true
	}
	return false
}

func (s *script) check(stmt sqltext.Stmt) error {
	refuse := func(reason string) error {
		return &DirError{File: fmt.Sprintf("%s:%d:%d", s.path, stmt.Line, stmt.Column), Reason: reason}
	}
	switch stmt.Control() {
	case sqltext.Begin, sqltext.Commit, sqltext.Rollback, sqltext.Prepare:
		return refuse(strings.Join(stmt.Words(1), "") + " inside a file: Plinth runs each file in a transaction of its own; remove it, or split the file")
	}
	if words := stmt.Words(len(stmt.Text)); len(words) > 0 && words[0] == "COPY" {
		for i := range words[:len(words)-1] {
			if words[i] == "TO" && words[i+1] == "STDOUT" {
				return refuse("COPY ... TO STDOUT has nobody to write to; remove it")
			}
		}
	}
	if words := stmt.Words(2); len(words) == 2 && words[0] == "DISCARD" && words[1] == "ALL" {
		return refuse("DISCARD ALL would free the lock that keeps other runs away; write RESET ALL, DEALLOCATE ALL or DISCARD TEMP")
	}
	if s.noTx {
		return nil
	}
	if what, ok := stmt.NoTransaction(); ok {
		return refuse(what + " cannot run in a transaction; put it into a file of its own whose first line is -- atlas:txmode none")
	}
	return nil
}

// message is the text of a simple query that runs many statements in one round trip, and the places of the file's own
// statements in it.
type message struct {
	text   strings.Builder
	length int         // of text in characters, PostgreSQL's unit for error positions
	starts map[int]int // of the file's statements by their number, 1-based
}

// marker names the column of the query that announces statement n; its value is n.
const marker = "plinth_statement"

func (m *message) add(statements ...string) {
	for _, sql := range statements {
		m.text.WriteString(sql)
		m.text.WriteString(";\n")
		m.length += utf8.RuneCountInString(sql) + 2
	}
}

// cleanUp adds the resets, in a transaction of their own: what follows takes its isolation level and whether it may write from the
// settings as they are when it begins.
func (m *message) cleanUp() {
	m.add("BEGIN")
	m.add(resets...)
	m.add("COMMIT")
}

// title begins a message with a comment, for people who look at pg_stat_activity or wait for the lock.
func (m *message) title(s *script) {
	comment := "/* plinth: " + strings.ReplaceAll(s.path, "*/", "") + " */ "
	m.text.WriteString(comment)
	m.length += utf8.RuneCountInString(comment)
}

// addStatement appends statement number n of a file, announced by a marker.
func (m *message) addStatement(n int, stmt sqltext.Stmt) {
	m.add("SELECT " + strconv.Itoa(n) + " AS " + marker)
	if m.starts == nil {
		m.starts = map[int]int{}
	}
	m.starts[n] = m.length
	m.add(stmt.Text)
}

// statementAt returns the number of the statement that an error's position is in, and 0 if it is in none. It serves
// syntax errors: the server parses the whole message before it runs, and announces, any of it.
func (m *message) statementAt(s *script, position string) int {
	at, err := strconv.Atoi(position)
	if err != nil {
		return 0
	}
	for n, start := range m.starts {
		if offset := at - 1 - start; offset >= 0 && offset <= utf8.RuneCountInString(s.statements[n-1].Text) {
			return n
		}
	}
	return 0
}

// place turns an error's position in the message into a line and column of the file, for an error of statement
// number n (1-based). Without a usable position it is the statement's own place.
func (m *message) place(s *script, n int, position string) (line, column int) {
	stmt := s.statements[n-1]
	if at, err := strconv.Atoi(position); err == nil {
		offset := at - 1 - m.starts[n]
		if offset >= 0 && offset < utf8.RuneCountInString(stmt.Text) {
			return stmt.Position(offset)
		}
	}
	return stmt.Line, stmt.Column
}
