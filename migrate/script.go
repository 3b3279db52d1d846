package migrate

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
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
		if d.Name != "atlas:txmode" {
			continue
		}
		switch d.Args {
		case "none":
			s.noTx = true
		case "file":
		default:
			return nil, &DirError{File: fmt.Sprintf("%s:%d", s.path, d.Line), Reason: fmt.Sprintf("atlas:txmode %q is not known; write none or file", d.Args)}
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

func (m *message) add(sql string) {
	m.text.WriteString(sql)
	m.text.WriteString(";\n")
	m.length += utf8.RuneCountInString(sql) + 2
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
