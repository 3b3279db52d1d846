package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// runLoose runs a file without a transaction, a statement at a time, and notes after each how far it has come. A
// statement that can be in a transaction shares one with its note, so that neither happens without the other. Of one that
// cannot (CREATE INDEX CONCURRENTLY, VACUUM, a DO block that commits) it is noted before that it begins and after that it has
// ended; in between, only the catalog knows (see settleDoubt).
func (m *Migrator) runLoose(ctx context.Context, s *session, st step) error {
	s.dirty = true
	if err := m.startLoose(ctx, s.conn, &st); err != nil {
		return err
	}
	sc := st.script
	from := st.from
	if done, err := m.settleDoubt(ctx, s.conn, st); err != nil {
		return err
	} else if done {
		from++
	}
	for i := from; i < len(sc.statements); i++ {
		if err := m.runStatement(ctx, s, st, i); err != nil {
			return err
		}
	}
	if st.from < len(sc.statements) {
		return nil // the last statement's note was the end
	}
	return m.note(ctx, s.conn, sc, len(sc.statements), "")
}

// startLoose writes the row before the first statement, so that a run that is killed can be told from one that never
// began. For a revert it looks up how far an earlier one came. What the statements done before have set for the session
// is set again.
func (m *Migrator) startLoose(ctx context.Context, conn *sql.Conn, st *step) error {
	sc := st.script
	var msg message
	msg.cleanUp()
	switch {
	case sc.down && st.before != nil:
		if err := m.revertedSoFar(ctx, conn, st); err != nil {
			return err
		}
	case sc.down:
		msg.add(fmt.Sprintf("UPDATE %s SET error = %s WHERE version = %s", m.revisions.table(), quoteLiteral(revertBegun), quoteLiteral(sc.file.Version)))
		msg.add(m.revisions.record("down-begun", sc.file.Version))
	case st.resume: // its rest may have been mended
		msg.add(fmt.Sprintf("UPDATE %s SET total = %d WHERE version = %s", m.revisions.table(), len(sc.statements), quoteLiteral(sc.file.Version)))
	default:
		insert, err := m.revisions.insert(sc, typeExecuted, 0)
		if err != nil {
			return err
		}
		msg.add(insert)
	}
	for _, stmt := range sc.statements[:st.from] {
		if setsSession(stmt) {
			msg.add(stmt.Text)
		}
	}
	if bound := m.statementBound(sc); bound != nil {
		msg.add(setTimeout("SET", "statement_timeout", *bound))
	}
	if _, err := conn.ExecContext(ctx, msg.text.String()); err != nil {
		return fmt.Errorf("migrate: %s: begin: %w", sc.path, err)
	}
	return nil
}

// setsSession tells statements that change a setting or the role for the session. Nothing comes of running them again.
func setsSession(stmt sqltext.Stmt) bool {
	w := stmt.Words(4)
	switch {
	case len(w) < 2:
		return false
	case w[0] == "SET":
		return w[1] != "LOCAL" && stmt.Control() == sqltext.None
	case w[0] == "SELECT":
		return w[1] == "SET_CONFIG" || len(w) == 4 && w[1] == "PG_CATALOG" && w[3] == "SET_CONFIG"
	}
	return w[0] == "RESET"
}

// revertedSoFar fills st.from from the log of an earlier run of this down file that stopped midway.
func (m *Migrator) revertedSoFar(ctx context.Context, conn *sql.Conn, st *step) error {
	sc := st.script
	var hash string
	err := conn.QueryRowContext(ctx, `SELECT statement, statements_hash FROM `+m.revisions.log()+` WHERE version = $1 AND action = 'down-statement'
   AND id > (SELECT coalesce(max(id), 0) FROM `+m.revisions.log()+` WHERE version = $1 AND action NOT IN ('down-statement', 'begun', 'resolve done', 'resolve again')) ORDER BY id DESC LIMIT 1`,
		sc.file.Version).Scan(&st.from, &hash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return nil
	case err != nil:
		return fmt.Errorf("migrate: %s: %w", sc.path, err)
	}
	if sums := statementSums(sc); st.from > len(sums) || sums[st.from-1] != hash {
		return &StateError{
			State: StatePartial, Versions: []string{sc.file.Version},
			Reason: fmt.Sprintf("%s ran up to statement %d, and those statements were changed since; restore them", sc.path, st.from),
		}
	}
	return nil
}

// runStatement runs statement i of a file, counted from 0, and notes it. Where its lock was not to be had in time and it can be
// run again, it is.
func (m *Migrator) runStatement(ctx context.Context, s *session, st step, i int) error {
	sc, stmt := st.script, st.script.statements[i]
	st.running = fmt.Sprintf("statement %d of %d, %s", i+1, len(sc.statements), oneLine(stmt.Text))
	alone := needsNoTransaction(stmt)
	err := m.insist(ctx, s, st, func() error {
		if !alone {
			err := m.runNoted(ctx, s.conn, sc, i)
			if sqlState(err) != commitsInside || !isProcedural(stmt) {
				return err
			}
			alone = true
		}
		return m.runAlone(ctx, s.conn, st, i)
	})
	if err == nil {
		return nil
	}
	e, answered := errors.AsType[*ExecError](err)
	if !answered {
		return m.lostOver(ctx, s, st, i, alone, err)
	}
	e.Applied = i
	m.noteFailure(ctx, s.conn, sc, e)
	return err
}

// needsNoTransaction tells statements that the server refuses in a transaction.
func needsNoTransaction(stmt sqltext.Stmt) bool {
	_, ok := stmt.NoTransaction()
	return ok
}

// isProcedural tells statements that may commit by themselves, which shows when they are tried in a transaction.
func isProcedural(stmt sqltext.Stmt) bool {
	words := stmt.Words(1)
	return len(words) == 1 && (words[0] == "DO" || words[0] == "CALL")
}

// commitsInside is invalid_transaction_termination: a DO block or a procedure wanted to commit, and all of it was
// rolled back.
const commitsInside = "2D000"

// runNoted runs a statement and its note in one transaction.
func (m *Migrator) runNoted(ctx context.Context, conn *sql.Conn, sc *script, i int) error {
	note, err := m.noteText(sc, i+1)
	if err != nil {
		return err
	}
	var msg message
	msg.title(sc)
	msg.add("BEGIN")
	if !sc.ownLockTimeout(i) {
		bound := m.lockBound(sc)
		if validates(sc.statements[i]) {
			bound = 0
		}
		msg.add(setTimeout("SET LOCAL", "lock_timeout", bound))
	}
	msg.addStatement(i+1, sc.statements[i])
	msg.add("SELECT 0 AS " + marker)
	msg.add(note)
	msg.add("COMMIT")
	err = send(ctx, conn, &msg, sc)
	if err != nil && isServerError(err) {
		rollBack(ctx, conn)
	}
	return err
}

// Of the settings of the session, kept while a statement runs by itself.
const (
	keepTimeouts = "SELECT set_config('plinth.lock_timeout', current_setting('lock_timeout'), false), " +
		"set_config('plinth.statement_timeout', current_setting('statement_timeout'), false)"
	restoreTimeouts = "SELECT set_config('lock_timeout', current_setting('plinth.lock_timeout'), false), " +
		"set_config('statement_timeout', current_setting('plinth.statement_timeout'), false)"
)

// runAlone runs a statement outside a transaction, and notes before that it begins and after that it has ended.
// A build CONCURRENTLY must have no bound on its locks: it has to wait for old transactions, and cancelled it leaves an invalid
// index. That bound has to be lifted in a message of its own, as several statements in one are a transaction.
func (m *Migrator) runAlone(ctx context.Context, conn *sql.Conn, st step, i int) error {
	sc, stmt := st.script, st.script.statements[i]
	drops, err := leftovers(ctx, conn, stmt)
	if err == nil {
		err = m.clearUp(ctx, conn, st, drops)
	}
	if err != nil {
		return err
	}
	begun := fmt.Sprintf("statement %d %s", i+1, inDoubt)
	if sc.down {
		begun = revertBegun + "; " + begun
	}
	var msg message
	msg.add("BEGIN")
	msg.add(asOurselves + fmt.Sprintf("UPDATE %s SET error = %s, error_stmt = %s WHERE version = %s",
		m.revisions.table(), quoteLiteral(begun), quoteLiteral(hidePasswords(stmt.Text)), quoteLiteral(sc.file.Version)))
	msg.add(fmt.Sprintf("INSERT INTO %s (action, version, statement, operator_version, detail) VALUES ('begun', %s, %d, %s, %s)",
		m.revisions.log(), quoteLiteral(sc.file.Version), i+1, quoteLiteral(m.revisions.by), evidence(stmt)))
	msg.add("COMMIT")
	msg.add(keepTimeouts)
	switch what, _ := stmt.NoTransaction(); {
	case strings.Contains(what, "CONCURRENTLY"):
		msg.add(setTimeout("SET", "lock_timeout", 0))
		if m.statementBound(sc) == nil {
			msg.add(setTimeout("SET", "statement_timeout", 0))
		}
	case !sc.ownLockTimeout(i):
		msg.add(setTimeout("SET", "lock_timeout", m.lockBound(sc)))
	}
	if _, err := conn.ExecContext(ctx, msg.text.String()); err != nil {
		return err
	}
	if _, err := conn.ExecContext(ctx, stmt.Text); err != nil {
		err = failure(ctx, &message{starts: map[int]int{i + 1: 0}}, sc, i+1, err)
		if e, ok := errors.AsType[*ExecError](err); ok {
			e.Alone = true
		}
		return err
	}
	return m.note(ctx, conn, sc, i+1, restoreTimeouts)
}

// note records that the first done statements have run, and then runs more, if it is not empty.
func (m *Migrator) note(ctx context.Context, conn *sql.Conn, sc *script, done int, more string) error {
	text, err := m.noteText(sc, done)
	if err == nil {
		_, err = conn.ExecContext(ctx, "BEGIN; "+text+"; COMMIT; "+more)
	}
	if err != nil {
		return &UncertainError{Version: sc.file.Version, Err: err}
	}
	return nil
}

// asOurselves makes the bookkeeping ours: the file may have become another role. Afterwards the role is the file's again.
const asOurselves = "SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL role TO DEFAULT; "

// noteText is run in a transaction.
func (m *Migrator) noteText(sc *script, done int) (string, error) {
	r, version := m.revisions, sc.file.Version
	switch complete := done == len(sc.statements); {
	case complete && sc.down:
		return asOurselves + r.remove(version) + "; " + r.record("down", version), nil
	case complete:
		finish, err := r.finish(sc)
		return asOurselves + finish + "; " + r.record("up", version), err
	case sc.down:
		return asOurselves + fmt.Sprintf("UPDATE %s SET error = %s, error_stmt = NULL WHERE version = %s; "+
			"INSERT INTO %s (action, version, statement, statements_hash, operator_version) VALUES ('down-statement', %[3]s, %[5]d, %[6]s, %[7]s)",
			r.table(), quoteLiteral(revertBegun), quoteLiteral(version), r.log(), done, quoteLiteral(statementSums(sc)[done-1]), quoteLiteral(r.by)), nil
	default:
		return asOurselves + fmt.Sprintf("UPDATE %s SET applied = %d, error = NULL, error_stmt = NULL, partial_hashes = '[%q]' WHERE version = %s",
			r.table(), done, statementSums(sc)[done-1], quoteLiteral(version)), nil
	}
}

// noteFailure stores why the file stopped, although ctx may have ended. If it cannot, the row still tells how far the
// file came.
func (m *Migrator) noteFailure(ctx context.Context, conn *sql.Conn, sc *script, e *ExecError) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	reason := fmt.Sprintf("statement %d: %s", e.Statement, serverMessage(e.Err))
	if sc.down {
		reason = revertBegun + "; " + reason
	}
	if e.Alone {
		reason += ranAlone
	}
	_, _ = conn.ExecContext(ctx, "BEGIN; "+asOurselves+fmt.Sprintf(
		"UPDATE %s SET error = %s, error_stmt = %s WHERE version = %s; COMMIT",
		m.revisions.table(), quoteLiteral(reason), quoteLiteral(e.SQL), quoteLiteral(sc.file.Version)))
}

// lostOver tells what is known after a connection was lost over statement i, once the old session has ended. Of a statement that
// shares a transaction with its note, the row knows; of another one, the catalog.
func (m *Migrator) lostOver(ctx context.Context, s *session, st step, i int, alone bool, lost error) error {
	sc := st.script
	if err := m.reopen(ctx, s); err != nil {
		return &UncertainError{Version: sc.file.Version, Err: errors.Join(lost, err)}
	}
	e := &ExecError{Version: sc.file.Version, File: sc.path, Applied: i, Alone: alone, Err: lostBy(ctx, lost)}
	r := s.state.byKey[versionKey(sc.file.Version)]
	if alone && r != nil && r.inDoubt() {
		e.Hint = "Whether the statement happened, the next plinth up finds out from the catalog, if it can be told from there"
	}
	if r != nil && !sc.down {
		e.Applied = r.Applied
	}
	if stmt := sc.statements[i]; e.Applied == i { // else it ran, and only its answer was lost
		e.Statement, e.Line, e.Column, e.SQL = i+1, stmt.Line, stmt.Column, hidePasswords(stmt.Text)
	}
	return e
}
