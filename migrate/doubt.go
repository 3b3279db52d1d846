package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// What a row's error says while a statement runs that cannot share a transaction with its note, and after it has failed. Between
// the two, and whatever becomes of the client or the server, it is in doubt what the statement has done.
const (
	inDoubt     = "was begun, and its end was not noted"
	ranAlone    = "; it ran outside a transaction"
	revertBegun = "a revert was begun"
)

// inDoubt reports whether nobody has noted the end of the statement after the last one that was.
func (r *Revision) inDoubt() bool { return strings.HasSuffix(r.Error, inDoubt) }

// Reverting reports whether it is a revert that stopped midway.
func (r *Revision) Reverting() bool { return strings.HasPrefix(r.Error, revertBegun) }

// settleDoubt finds out what became of the statement at which an earlier run stopped, if that ran outside a transaction, and clears
// away what is left of it. It reports whether the statement has happened; then it is noted. Where the catalog cannot tell, the
// error is a *StateError.
func (m *Migrator) settleDoubt(ctx context.Context, conn *sql.Conn, st step) (done bool, err error) {
	r, sc := st.before, st.script
	if r == nil || !r.inDoubt() && !strings.HasSuffix(r.Error, ranAlone) {
		return false, nil
	}
	stmt, same, err := m.doubtful(st)
	if err != nil || stmt.Text == "" {
		return false, err
	}
	if isProcedural(stmt) && (sc.repeatable || !same && !r.inDoubt()) {
		return false, nil // it may be run again, or its author has seen it fail and mended it
	}
	was, err := m.evidenceOf(ctx, conn, st)
	if err != nil {
		return false, err
	}
	e, err := effectOf(ctx, conn, stmt, was)
	if isServerError(err) { // a name that its functions cannot read
		e, err = effect{}, nil
	}
	if err != nil {
		return false, fmt.Errorf("migrate: %s: find out what became of statement %d: %w", sc.path, st.from+1, err)
	}
	if e.weak && !r.inDoubt() {
		e.verdict = missing
	}
	if e.verdict == untold && (same || r.inDoubt()) {
		return false, m.unresolved(st, stmt)
	}
	if err := m.clearUp(ctx, conn, st, e.clear); err != nil {
		return false, err
	}
	if e.verdict != present {
		return false, nil
	}
	if !same { // it happened, and its file does not say it any more
		return false, m.unresolved(st, stmt)
	}
	event := st.event(EventResumed, 0)
	event.Detail = fmt.Sprintf("statement %d has happened, as the catalog shows", st.from+1)
	m.event(event)
	return true, m.note(ctx, conn, sc, st.from+1, "")
}

// doubtful is the statement that the row tells of, and whether it is still the next one of the file.
func (m *Migrator) doubtful(st step) (stmt sqltext.Stmt, same bool, err error) {
	r, sc := st.before, st.script
	if st.from < len(sc.statements) {
		stmt = sc.statements[st.from]
		if hidePasswords(stmt.Text) == r.Statement {
			return stmt, true, nil
		}
	}
	old, err := sqltext.Split(r.Statement)
	if err != nil || len(old) != 1 {
		if r.inDoubt() {
			return stmt, false, m.unresolved(st, sqltext.Stmt{Text: r.Statement, Line: 1})
		}
		return sqltext.Stmt{}, false, nil
	}
	return old[0], false, nil
}

// evidenceOf is what was noted before the statement began; see [evidence].
func (m *Migrator) evidenceOf(ctx context.Context, conn *sql.Conn, st step) (string, error) {
	var noted sql.NullString
	err := conn.QueryRowContext(ctx, "SELECT detail FROM "+m.revisions.log()+" WHERE version = $1 AND action = 'begun' ORDER BY id DESC LIMIT 1",
		st.script.file.Version).Scan(&noted)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", fmt.Errorf("migrate: %s: %w", st.script.path, err)
	}
	return noted.String, nil
}

// clearUp runs statements that have to wait for their locks.
func (m *Migrator) clearUp(ctx context.Context, conn *sql.Conn, st step, statements []string) error {
	for _, statement := range statements {
		event := st.event(EventResumed, 0)
		event.Detail = "clearing up first: " + statement
		m.event(event)
		for _, sql := range []string{keepTimeouts + "; " + setTimeout("SET", "lock_timeout", 0), statement, restoreTimeouts} {
			if _, err := conn.ExecContext(ctx, sql); err != nil {
				return fmt.Errorf("migrate: %s: clear up: %s: %w", st.script.path, statement, err)
			}
		}
	}
	return nil
}

// unresolved asks for what only a person can tell.
func (m *Migrator) unresolved(st step, stmt sqltext.Stmt) error {
	sc, version := st.script, st.script.file.Version
	what := inDoubt
	if !st.before.inDoubt() {
		what = "failed outside a transaction"
	}
	place, here := sc.path, st.from < len(sc.statements) && hidePasswords(sc.statements[st.from].Text) == hidePasswords(stmt.Text)
	if here {
		place = fmt.Sprintf("%s:%d", sc.path, stmt.Line)
	}
	reason := fmt.Sprintf("%s: statement %d %s, and the catalog cannot tell how much of it has happened:\n    %s\n"+
		"Look at the data, and then say so: plinth resolve %[5]s done (it has happened), again (run it once more), "+
		"applied or reverted (the whole file is, by hand)", place, st.from+1, what, strings.ReplaceAll(shorten(hidePasswords(stmt.Text)), "\n", "\n    "), version)
	if !here {
		reason += ". The file has another statement in its place now"
	}
	if isProcedural(stmt) {
		reason += ". A block that can always be run again says so by -- plinth:repeatable at the top of its file"
	}
	return &StateError{State: StatePartial, Versions: []string{version}, Reason: reason}
}
