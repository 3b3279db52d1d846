package migrate

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// DirError says what is wrong with a file or with the directory as a whole.
type DirError struct {
	File   string // "" when it is about the directory
	Reason string // what is wrong, and what to do
}

func (e *DirError) Error() string {
	if e.File == "" {
		return "migrate: " + e.Reason
	}
	return fmt.Sprintf("migrate: %s: %s", e.File, e.Reason)
}

// ErrNoDir is found in the error for a directory that does not exist.
var ErrNoDir = errors.New("the migration directory does not exist")

// ChecksumError says that the directory is not what its sum files say. It lists every difference.
type ChecksumError struct{ Changes []SumChange }

// SumChange is one difference between a sum file and the directory.
type SumChange struct {
	SumFile string // atlas.sum or down.sum
	File    string // "" when the sum file itself is missing or damaged
	Reason  string // "added", "edited", "removed", or what is wrong with the sum file
}

func (c SumChange) String() string {
	if c.File == "" {
		return c.SumFile + " " + c.Reason
	}
	return fmt.Sprintf("%s was %s (%s)", c.File, c.Reason, c.SumFile)
}

func (e *ChecksumError) Error() string {
	var list []string
	for _, c := range e.Changes {
		list = append(list, c.String())
	}
	return "migrate: checksum mismatch: " + strings.Join(list, "; ") +
		". If the change is meant, run plinth hash; an applied file must not change, add a new one instead"
}

// HeadsError says that the directory has several heads, which must be merged before anything is planned or applied.
type HeadsError struct{ Heads []string }

func (e *HeadsError) Error() string {
	return fmt.Sprintf("migrate: the directory has %d heads (%s): two branches each added a migration; "+
		"run plinth merge -m NAME, which proves that they get along and joins them", len(e.Heads), strings.Join(e.Heads, ", "))
}

// TargetError says that a target names no version, or cannot be reached.
type TargetError struct {
	Target  string
	Reason  string
	Nearest []string // versions that may have been meant
}

func (e *TargetError) Error() string {
	s := fmt.Sprintf("migrate: target %q: %s", e.Target, e.Reason)
	if len(e.Nearest) > 0 {
		s += "; the nearest are " + strings.Join(e.Nearest, ", ")
	}
	return s
}

// StateError says that the database's record and the directory do not fit together, so that nothing can be run.
type StateError struct {
	State    State
	Versions []string // the ones concerned
	Reason   string   // what is wrong, and what to do
}

func (e *StateError) Error() string {
	return fmt.Sprintf("migrate: database is %s: %s", e.State, e.Reason)
}

// IrreversibleError says that a revert would lose data for good. Nothing was run.
type IrreversibleError struct {
	Versions []string
	Reasons  []string // from the plinth:irreversible directives, one for each version
}

func (e *IrreversibleError) Error() string {
	var list []string
	for i, v := range e.Versions {
		list = append(list, fmt.Sprintf("%s (%s)", v, e.Reasons[i]))
	}
	return "migrate: irreversible: " + strings.Join(list, "; ") +
		". The revert restores the schema but not this data; to do it all the same, allow it (--allow-irreversible)"
}

// LockError says that another run held the lock for longer than the wait allowed.
type LockError struct {
	Waited time.Duration
	Holder string // who, as far as the server tells; may be empty
}

func (e *LockError) Error() string {
	s := fmt.Sprintf("migrate: another migration run holds the lock, waited %v", e.Waited.Round(time.Millisecond))
	if e.Holder != "" {
		s += ": " + e.Holder
	}
	return s + ". Wait for it to finish, or raise --lock-wait"
}

// ExecError says which statement of which file failed. With a transaction around it, nothing of the file was applied.
type ExecError struct {
	Version   string
	File      string
	Statement int // 1-based; 0 when no statement of the file's own failed, but BEGIN, COMMIT or the bookkeeping
	Line      int // 1-based, of the fault if the server tells it, else of the statement; 0 when unknown
	Column    int // 1-based, in characters
	SQL       string
	SQLState  string // "" when the server did not answer
	Applied   int    // statements of the file that stay applied: 0 unless the file runs without a transaction
	Alone     bool   // the statement ran outside a transaction, so that a part of its work may be there
	Hint      string // what else is known, such as who may hold a lock; may be empty
	Err       error
}

func (e *ExecError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "migrate: %s", e.File)
	if e.Line > 0 {
		fmt.Fprintf(&b, ":%d:%d", e.Line, e.Column)
	}
	if e.Statement > 0 {
		fmt.Fprintf(&b, ": statement %d", e.Statement)
	}
	b.WriteString(": " + serverMessage(e.Err))
	if e.SQL != "" {
		fmt.Fprintf(&b, "\n    %s", strings.ReplaceAll(shorten(e.SQL), "\n", "\n    "))
	}
	if e.Hint != "" {
		b.WriteString("\n" + e.Hint)
	}
	switch {
	case e.Applied > 0:
		fmt.Fprintf(&b, "\nThe file runs without a transaction: %d statement(s) before this one stay applied", e.Applied)
	case !e.Alone:
		b.WriteString("\nNothing of this file was applied")
	}
	if e.Alone {
		b.WriteString("\nThe statement ran outside a transaction, so a part of it may have happened")
		if words := (sqltext.Stmt{Text: e.SQL}).Words(3); len(words) == 3 && words[0] == "CREATE" && (words[1] == "INDEX" || words[2] == "INDEX") {
			b.WriteString(": a failed CREATE INDEX CONCURRENTLY leaves an invalid index, which the next plinth up drops before it builds it again")
		}
	}
	return b.String()
}

// Unwrap returns the cause.
func (e *ExecError) Unwrap() error { return e.Err }

// serverMessage is the server's message with its detail, hint and SQLSTATE, without the position, which counts in what
// was sent and not in the file. Another error is shown as it is.
func serverMessage(err error) string {
	state := sqlState(err)
	text := errorField(err, 'M')
	if state == "" || text == "" || !isServerError(err) { // of a lost connection all is shown
		return err.Error()
	}
	for _, more := range []string{errorField(err, 'D'), errorField(err, 'H')} {
		if more != "" {
			text += ". " + strings.TrimSuffix(more, ".")
		}
	}
	return fmt.Sprintf("%s (SQLSTATE %s)", text, state)
}

// shorten keeps the beginning of a long statement.
func shorten(s string) string {
	const most = 600
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + " ..."
	}
	return s
}

// UncertainError says that a file's fate could not be found out: the connection was lost while it ran or was recorded.
type UncertainError struct {
	Version string
	Err     error
}

func (e *UncertainError) Error() string {
	return fmt.Sprintf("migrate: whether %s (or its last statement, if it runs without a transaction) happened could not be found out: %v; "+
		"run plinth status once the database answers", e.Version, e.Err)
}

// Unwrap returns the cause.
func (e *UncertainError) Unwrap() error { return e.Err }
