package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// resets undo what a file may have left in the session, but for the lock, which stays. The first two end what it did to the role.
var resets = []string{"RESET SESSION AUTHORIZATION", "RESET ROLE", "RESET ALL", "DEALLOCATE ALL", "DISCARD TEMP"}

// runFile runs a file in a transaction of its own, in one message.
func (m *Migrator) runFile(ctx context.Context, s *session, sc *script) error {
	if err := s.stillLocked(ctx); err != nil {
		return err
	}
	var msg message
	msg.title(sc)
	if s.dirty {
		msg.cleanUp()
	}
	msg.add("BEGIN")
	if s.pooled() {
		msg.add(takeMessageLock)
	}
	if err := m.addFile(&msg, sc, true, !s.pooled()); err != nil {
		return err
	}
	msg.add("COMMIT")
	msg.add(resets[2:]...)
	s.dirty = true
	err := send(ctx, s.conn, &msg, sc)
	if err != nil && isServerError(err) {
		rollBack(ctx, s.conn)
	}
	s.dirty = err != nil || s.pooled() // where the session is another one each time
	return err
}

var takeMessageLock = fmt.Sprintf("SELECT pg_advisory_xact_lock(%d)", lockID(messageLockName))

// addFile appends what belongs into the transaction of one file. While this session holds the lock nobody else can have the same in
// mind, and the rows come last, in one statement. Otherwise they come first, so that a second runner waits for them. A file may end
// as another role; the bookkeeping is ours. Without announcements it is for psql, where nobody has looked whether the version that is
// to be reverted is applied.
func (m *Migrator) addFile(msg *message, s *script, announced, locked bool) error {
	if locked {
		return m.addLockedFile(msg, s)
	}
	switch {
	case s.down && announced:
		msg.add(m.revisions.remove(s.file.Version))
	case s.down:
		msg.add(m.revisions.removeOrFail(s.file.Version))
	default:
		insert, err := m.revisions.insert(s, typeExecuted, len(s.statements))
		if err != nil {
			return err
		}
		msg.add(insert)
	}
	m.addStatements(msg, s, announced)
	msg.add(resets[:2]...)
	if s.down {
		msg.add(m.revisions.record("down", s.file.Version))
		return nil
	}
	finish, err := m.revisions.finish(s)
	if err != nil {
		return err
	}
	msg.add(finish)
	msg.add(m.revisions.record("up", s.file.Version))
	return nil
}

func (m *Migrator) addLockedFile(msg *message, s *script) error {
	m.addStatements(msg, s, true)
	msg.add(resets[:2]...)
	if s.down {
		msg.add(m.revisions.removeAndRecord(s.file.Version))
		return nil
	}
	insert, err := m.revisions.insertAndRecord(s)
	msg.add(insert)
	return err
}

// addStatements appends the statements of a file with their bounds, announced by markers if somebody reads them. The bounds do not
// hold for a row that stands before, for which a second runner has to wait.
func (m *Migrator) addStatements(msg *message, s *script, announced bool) {
	bound := m.lockBound(s)
	msg.add(setTimeout("SET LOCAL", "lock_timeout", bound))
	if bound := m.statementBound(s); bound != nil {
		msg.add(setTimeout("SET LOCAL", "statement_timeout", *bound))
	}
	for i, stmt := range s.statements {
		free := bound > 0 && validates(stmt) && !s.ownLockTimeout(i)
		if free {
			msg.add(setTimeout("SET LOCAL", "lock_timeout", 0))
		}
		if announced {
			msg.addStatement(i+1, stmt)
		} else {
			msg.add(stmt.Text)
		}
		if free {
			msg.add(setTimeout("SET LOCAL", "lock_timeout", bound))
		}
	}
	if announced {
		msg.add("SELECT 0 AS " + marker)
	}
}

// lockBound is how long each statement of a file may wait for a lock; 0 is without a bound.
func (m *Migrator) lockBound(s *script) time.Duration {
	if s.lockTimeout != nil {
		return *s.lockTimeout
	}
	return m.lockTimeout
}

// statementBound is how long each statement of a file may take; nil leaves the server's setting.
func (m *Migrator) statementBound(s *script) *time.Duration {
	if s.statementTimeout != nil {
		return s.statementTimeout
	}
	return m.statementTimeout
}

func setTimeout(set, setting string, d time.Duration) string {
	return fmt.Sprintf("%s %s = %d", set, setting, (d+time.Millisecond-1)/time.Millisecond)
}

// validates tells ALTER TABLE ... VALIDATE CONSTRAINT, whose lock stops nobody who reads or writes, so that it can wait for it.
func validates(stmt sqltext.Stmt) bool {
	if w := stmt.Words(2); len(w) < 2 || w[0] != "ALTER" || w[1] != "TABLE" {
		return false
	}
	p := newPhrase(stmt)
	p.at = 2
	p.skip("IF", "EXISTS")
	p.skip("ONLY")
	p.name()
	p.skip("*")
	return p.skip("VALIDATE", "CONSTRAINT") && p.name() != "" && p.at == len(p.tokens)
}

// send runs a message and says which statement of s failed, if one did.
func send(ctx context.Context, conn *sql.Conn, msg *message, s *script) error {
	at, err := exchange(ctx, conn, msg.text.String())
	return failure(ctx, msg, s, at, err)
}

// failure makes an error of the server's one that says where in the file; another error stays as it is. at is the
// statement that was announced last, 0 for none.
func failure(ctx context.Context, msg *message, s *script, at int, err error) error {
	if err == nil || !isServerError(err) {
		return err
	}
	e := &ExecError{Version: s.file.Version, File: s.path, SQLState: sqlState(err), Err: err}
	position := errorField(err, 'P')
	if at == 0 {
		at = msg.statementAt(s, position)
	}
	if ctx.Err() != nil {
		e.Err = lostBy(ctx, err)
	}
	if at > 0 {
		e.Statement, e.SQL = at, hidePasswords(s.statements[at-1].Text)
		e.Line, e.Column = msg.place(s, at, position)
	}
	return e
}

// exchange sends a message and reads all of its answers. It returns the number of the statement that was announced
// last.
func exchange(ctx context.Context, conn *sql.Conn, text string) (at int, err error) {
	rows, err := conn.QueryContext(ctx, text)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	for {
		columns, err := rows.Columns()
		if err != nil {
			return at, err
		}
		announced := slices.Equal(columns, []string{marker})
		for rows.Next() {
			var value any
			if !announced {
				continue
			}
			if err := rows.Scan(&value); err != nil {
				return at, err
			}
			// A statement of the file's own may return a column of this name.
			if n, err := strconv.Atoi(fmt.Sprint(value)); err == nil && (n == 0 || n == at+1 || at == 0) {
				at = n
			}
		}
		if !rows.NextResultSet() {
			break
		}
	}
	return at, errors.Join(rows.Err(), rows.Close())
}

// rollBack ends a failed transaction, also after ctx has ended. If it cannot, the session's end does it.
func rollBack(ctx context.Context, conn *sql.Conn) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = conn.ExecContext(ctx, "ROLLBACK")
}

// statementSums are the running hashes of a file's statements, in the form that Atlas keeps in partial_hashes.
func statementSums(sc *script) []string {
	if sc.sums != nil {
		return sc.sums
	}
	h := sha256.New()
	for _, stmt := range sc.statements {
		h.Write([]byte(stmt.Text))
		sc.sums = append(sc.sums, "h1:"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return sc.sums
}

// sqlState returns the server's code in err's chain, or "".
func sqlState(err error) string {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return e.SQLState()
	}
	return ""
}

// errorField returns a field of the server's error by its name in the protocol (PostgreSQL manual, section 55.8), as
// lib/pq's errors give it: M message, D detail, H hint, P position in characters.
func errorField(err error, name byte) string {
	if e, ok := errors.AsType[interface {
		error
		Get(field byte) string
	}](err); ok {
		return e.Get(name)
	}
	return ""
}

// isServerError reports whether the server answered with an error, so that its transaction is known to have failed.
// Class 57P says that the server ends the session, which leaves the outcome open.
func isServerError(err error) bool {
	state := sqlState(err)
	return state != "" && state[:3] != "57P" && state[:2] != "08"
}
