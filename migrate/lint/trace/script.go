package trace

import (
	"errors"
	"slices"
	"strings"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

// script is one up file, read as the engine reads it.
type script struct {
	file        *migrate.File
	traced      bool
	statements  []sqltext.Stmt
	first, last int      // the statements from first to before last are run; the file's own BEGIN and COMMIT are not among them
	loose       bool     // -- atlas:txmode none
	fault       *Failure // why the engine would refuse the file
}

func read(f *migrate.File) *script {
	s := &script{file: f}
	statements, err := sqltext.Split(f.Up)
	if err != nil {
		s.fault = &Failure{Message: err.Error()}
		if e, ok := errors.AsType[*sqltext.Error](err); ok {
			*s.fault = Failure{Message: e.Message, Line: e.Line, Column: e.Column}
		}
		return s
	}
	s.loose = slices.ContainsFunc(sqltext.Directives(f.Up), func(d sqltext.Directive) bool { return d.Name == "atlas:txmode" && d.Args == "none" })
	s.statements, s.last = statements, len(statements)
	if n := len(statements); !s.loose && n >= 2 && isPlain(statements[0], sqltext.Begin) && isPlain(statements[n-1], sqltext.Commit) {
		s.first, s.last = 1, n-1
	}
	for _, stmt := range statements[s.first:s.last] {
		if why := refused(stmt); why != "" {
			s.fault = &Failure{Message: why, Line: stmt.Line, Column: stmt.Column}
			break
		}
	}
	return s
}

// isPlain tells transaction control of this kind that says nothing more, such as an isolation level.
func isPlain(stmt sqltext.Stmt, c sqltext.Control) bool {
	w := stmt.Words(3)
	if stmt.Control() != c || len(w) > 2 {
		return false
	}
	return len(w) == 1 || slices.Contains([]string{"WORK", "TRANSACTION"}, w[1])
}

// refused says why a statement has no place in a file.
func refused(stmt sqltext.Stmt) string {
	words := stmt.Words(len(stmt.Text))
	switch stmt.Control() {
	case sqltext.Begin, sqltext.Commit, sqltext.Rollback, sqltext.Prepare:
		return words[0] + " inside a file: each file is run in a transaction of its own"
	}
	for i := range words[:max(len(words)-1, 0)] {
		if words[0] == "COPY" && words[i] == "TO" && words[i+1] == "STDOUT" {
			return "COPY ... TO STDOUT has nobody to write to"
		}
	}
	if len(words) == 2 && words[0] == "DISCARD" && words[1] == "ALL" {
		return "DISCARD ALL would free the lock that keeps other runs away"
	}
	return ""
}

// isDDL tells statements whose queries are the server's own, such as those that check a foreign key.
func isDDL(stmt sqltext.Stmt) bool {
	w := stmt.Words(1)
	return len(w) == 1 && slices.Contains([]string{"ALTER", "CREATE", "DROP", "TRUNCATE", "REINDEX", "CLUSTER", "REFRESH", "COMMENT", "VACUUM", "ANALYZE", "LOCK"}, w[0])
}

// needsNoTransaction tells statements that the server refuses in a transaction.
func needsNoTransaction(stmt sqltext.Stmt) bool {
	_, ok := stmt.NoTransaction()
	return ok
}

// tableByTable tells statements that cannot be in a transaction and go through several tables, each in a transaction of its own.
func tableByTable(stmt sqltext.Stmt) bool {
	var words []string
	depth := 0
	for _, w := range stmt.Words(len(stmt.Text)) {
		switch {
		case w == "(":
			depth++
		case w == ")":
			depth--
		case depth == 0 && !slices.Contains([]string{"FULL", "FREEZE", "VERBOSE", "ANALYZE", "ANALYSE"}, w):
			words = append(words, w)
		}
	}
	switch firstWord(stmt) {
	case "VACUUM", "CLUSTER":
		return len(words) == 1 || slices.Contains(words, ",")
	case "REINDEX":
		return len(words) > 1 && slices.Contains([]string{"SCHEMA", "DATABASE", "SYSTEM"}, words[1])
	}
	return false
}

// isProcedural tells statements that may commit by themselves.
func isProcedural(stmt sqltext.Stmt) bool {
	w := stmt.Words(1)
	return len(w) == 1 && (w[0] == "DO" || w[0] == "CALL")
}

func firstWord(stmt sqltext.Stmt) string { return strings.Join(stmt.Words(1), "") }
