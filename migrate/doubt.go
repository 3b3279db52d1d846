package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
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
func (r *Revision) Reverting() bool { return r.Error != "" && r.Applied == r.Total }

// settleDoubt finds out what became of the statement at which an earlier run stopped, if that ran outside a transaction, and clears
// away what is left of it. It reports whether the statement has happened; then it is noted. Where the catalog cannot tell, the
// error is a *StateError.
func (m *Migrator) settleDoubt(ctx context.Context, conn *sql.Conn, st step) (done bool, err error) {
	r, sc := st.before, st.script
	if r == nil || !r.inDoubt() && !strings.HasSuffix(r.Error, ranAlone) || st.from >= len(sc.statements) {
		return false, nil
	}
	stmt := sc.statements[st.from]
	if isProcedural(stmt) && (sc.repeatable || hidePasswords(stmt.Text) != r.Statement) {
		return false, nil // it may be run again, or its author has seen to it
	}
	e, err := effectOf(ctx, conn, stmt)
	if err != nil {
		return false, fmt.Errorf("migrate: %s: find out what became of statement %d: %w", sc.path, st.from+1, err)
	}
	if e.byName && !r.inDoubt() {
		e.verdict = missing
	}
	if e.verdict == untold {
		return false, m.unresolved(st)
	}
	for _, statement := range e.clear {
		event := st.event(EventResumed, 0)
		event.Detail = "clearing up first: " + statement
		m.event(event)
		if _, err := conn.ExecContext(ctx, "SET lock_timeout = 0"); err != nil {
			return false, err
		}
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return false, fmt.Errorf("migrate: %s: clear up after statement %d: %s: %w", sc.path, st.from+1, statement, err)
		}
		if _, err := conn.ExecContext(ctx, "RESET lock_timeout"); err != nil {
			return false, err
		}
	}
	if e.verdict == missing {
		return false, nil
	}
	event := st.event(EventResumed, 0)
	event.Detail = fmt.Sprintf("statement %d has happened, as the catalog shows", st.from+1)
	m.event(event)
	return true, m.note(ctx, conn, sc, st.from+1, "")
}

// unresolved asks for what only a person can tell.
func (m *Migrator) unresolved(st step) error {
	sc, stmt, version := st.script, st.script.statements[st.from], st.script.file.Version
	reason := fmt.Sprintf("%s:%d: statement %d %s, and the catalog cannot tell how much of it has happened:\n    %s\n"+
		"Look at the data, and then say so: plinth resolve %[6]s done (it has happened), again (run it once more), "+
		"applied or reverted (the whole file is, by hand)", sc.path, stmt.Line, st.from+1, inDoubt, strings.ReplaceAll(shorten(hidePasswords(stmt.Text)), "\n", "\n    "), version)
	if !st.before.inDoubt() {
		reason = strings.Replace(reason, inDoubt, "failed outside a transaction", 1)
	}
	if isProcedural(stmt) {
		reason += ". A block that can always be run again says so by -- plinth:repeatable at the top of its file"
	}
	return &StateError{State: StatePartial, Versions: []string{version}, Reason: reason}
}
