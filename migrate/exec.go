package migrate

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"time"
)

// resets undo what an earlier file may have left in the session, but for its role, which is reset before the
// bookkeeping at its end, and the lock, which stays.
var resets = []string{"RESET ALL", "DEALLOCATE ALL", "DISCARD TEMP"}

// runFile runs a file in a transaction of its own, in one message.
func (m *Migrator) runFile(ctx context.Context, conn *sql.Conn, s *script) error {
	var msg message
	for _, reset := range resets {
		msg.add(reset)
	}
	msg.add("BEGIN")
	if err := m.addFile(&msg, s); err != nil {
		return err
	}
	msg.add("COMMIT")
	err := send(ctx, conn, &msg, s)
	if err != nil && isServerError(err) {
		if rollback := rollBack(ctx, conn); rollback != nil {
			return errors.Join(err, rollback)
		}
	}
	return err
}

// addFile appends what belongs into the transaction: the row first, the statements, and the time they took. A file
// may end as another role; the bookkeeping is ours.
func (m *Migrator) addFile(msg *message, s *script) error {
	if s.down {
		msg.add(m.revisions.remove(s.file.Version))
	} else {
		insert, err := m.revisions.insert(s, typeExecuted, len(s.statements))
		if err != nil {
			return err
		}
		msg.add(insert)
	}
	msg.addStatements(s.statements)
	msg.add("SELECT 0 AS " + marker)
	msg.add("RESET SESSION AUTHORIZATION")
	msg.add("RESET ROLE")
	if s.down {
		msg.add(m.revisions.record("down", s.file.Version))
	} else {
		msg.add(m.revisions.finish(s.file.Version, len(s.statements)))
		msg.add(m.revisions.record("up", s.file.Version))
	}
	return nil
}

// send runs a message and says which statement of s failed, if one did.
func send(ctx context.Context, conn *sql.Conn, msg *message, s *script) error {
	at, err := exchange(ctx, conn, msg.text.String())
	if err == nil || !isServerError(err) {
		return err
	}
	e := &ExecError{Version: s.file.Version, File: s.path, SQLState: sqlState(err), Err: err}
	position := errorPosition(err)
	if at == 0 {
		at = msg.statementAt(s, position)
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
			if announced {
				if err := rows.Scan(&at); err != nil {
					return at, err
				}
			}
		}
		if !rows.NextResultSet() {
			break
		}
	}
	return at, errors.Join(rows.Err(), rows.Close())
}

// rollBack ends a failed transaction, also after ctx has ended.
func rollBack(ctx context.Context, conn *sql.Conn) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, err := conn.ExecContext(ctx, "ROLLBACK")
	return err
}

// runTogether runs all files in one transaction: all or none of them happen.
func (m *Migrator) runTogether(ctx context.Context, s *session, steps []step, result *Run) error {
	if len(steps) == 0 {
		return nil
	}
	if _, err := s.conn.ExecContext(ctx, "BEGIN"); err != nil {
		return fmt.Errorf("migrate: begin: %w", err)
	}
	started := time.Now()
	for _, st := range steps {
		start := time.Now()
		m.event(st.event(EventStart, 0))
		var msg message
		for _, reset := range resets {
			msg.add(reset)
		}
		err := m.addFile(&msg, st.script)
		if err == nil {
			err = send(ctx, s.conn, &msg, st.script)
		}
		if err != nil {
			return errors.Join(err, rollBackIfAlive(ctx, s.conn, err))
		}
		m.event(st.event(EventDone, time.Since(start)))
	}
	last := steps[len(steps)-1]
	_, err := s.conn.ExecContext(ctx, "COMMIT")
	if err != nil && !isServerError(err) {
		err = m.settle(ctx, s, last, err)
	}
	if err != nil {
		return fmt.Errorf("migrate: commit of all files: %w", err)
	}
	each := time.Since(started) / time.Duration(len(steps))
	for _, st := range steps {
		result.add(s.state, st, each)
	}
	return nil
}

func rollBackIfAlive(ctx context.Context, conn *sql.Conn, err error) error {
	if !isServerError(err) {
		return nil // the server rolls back what lost its client
	}
	return rollBack(ctx, conn)
}

// runLoose runs a file without a transaction, a statement at a time, and notes after each how far it has come.
func (m *Migrator) runLoose(ctx context.Context, s *session, st step) error {
	sc := st.script
	if err := m.startLoose(ctx, s.conn, &st); err != nil {
		return err
	}
	sums := statementSums(sc)
	for i := st.from; i < len(sc.statements); i++ {
		stmt := sc.statements[i]
		_, err := s.conn.ExecContext(ctx, stmt.Text)
		if err != nil {
			e := &ExecError{
				Version: sc.file.Version, File: sc.path, Statement: i + 1,
				SQL: hidePasswords(stmt.Text), SQLState: sqlState(err), Applied: i, Err: err,
			}
			e.Line, e.Column = (&message{starts: make([]int, i+1)}).place(sc, i+1, errorPosition(err))
			return errors.Join(e, m.noteFailure(ctx, s.conn, sc, i, e))
		}
		if err := m.noteProgress(ctx, s.conn, sc, i+1, sums[i]); err != nil {
			return &UncertainError{Version: sc.file.Version, Err: err}
		}
	}
	return m.finishLoose(ctx, s.conn, sc)
}

// startLoose writes the row before the first statement, so that a run that is killed can be told from one that never
// began. For a revert it looks up how far an earlier one came.
func (m *Migrator) startLoose(ctx context.Context, conn *sql.Conn, st *step) error {
	sc := st.script
	var msg message
	for _, reset := range resets {
		msg.add(reset)
	}
	switch {
	case sc.down:
		err := conn.QueryRowContext(ctx, `SELECT coalesce(max(statement), 0) FROM `+m.revisions.log()+` WHERE version = $1
   AND id > (SELECT coalesce(max(id), 0) FROM `+m.revisions.log()+` WHERE version = $1 AND action <> 'down-statement')`,
			sc.file.Version).Scan(&st.from)
		if err != nil {
			return fmt.Errorf("migrate: %w", err)
		}
		st.from = min(st.from, len(sc.statements))
		msg.add(fmt.Sprintf("UPDATE %s SET error = 'a revert was begun' WHERE version = %s", m.revisions.table(), quoteLiteral(sc.file.Version)))
	case !st.resume:
		insert, err := m.revisions.insert(sc, typeExecuted, 0)
		if err != nil {
			return err
		}
		msg.add(insert)
	}
	if _, err := conn.ExecContext(ctx, msg.text.String()); err != nil {
		return fmt.Errorf("migrate: %s: begin: %w", sc.path, err)
	}
	return nil
}

func (m *Migrator) noteProgress(ctx context.Context, conn *sql.Conn, sc *script, applied int, sum string) error {
	note := fmt.Sprintf("UPDATE %s SET applied = %d, error = NULL, error_stmt = NULL, partial_hashes = coalesce(partial_hashes, '[]') || '[%q]'::jsonb WHERE version = %s",
		m.revisions.table(), applied, sum, quoteLiteral(sc.file.Version))
	if sc.down {
		note = fmt.Sprintf("INSERT INTO %s (action, version, statement, operator_version) VALUES ('down-statement', %s, %d, %s)",
			m.revisions.log(), quoteLiteral(sc.file.Version), applied, quoteLiteral(m.revisions.by))
	}
	_, err := conn.ExecContext(ctx, "RESET SESSION AUTHORIZATION; RESET ROLE; "+note)
	return err
}

// noteFailure stores why the file stopped. It runs although ctx may have ended; a lost connection has nothing to
// store it with, and the row says already how far the file came.
func (m *Migrator) noteFailure(ctx context.Context, conn *sql.Conn, sc *script, applied int, e *ExecError) error {
	if e.SQLState == "" {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	reason := fmt.Sprintf("statement %d: %v", applied+1, e.Err)
	_, err := conn.ExecContext(ctx, "RESET SESSION AUTHORIZATION; RESET ROLE; "+fmt.Sprintf(
		"UPDATE %s SET error = %s, error_stmt = %s WHERE version = %s",
		m.revisions.table(), quoteLiteral(reason), quoteLiteral(e.SQL), quoteLiteral(sc.file.Version)))
	return err
}

func (m *Migrator) finishLoose(ctx context.Context, conn *sql.Conn, sc *script) error {
	end, action := m.revisions.finish(sc.file.Version, len(sc.statements)), "up"
	if sc.down {
		end, action = m.revisions.remove(sc.file.Version), "down"
	}
	_, err := conn.ExecContext(ctx, "BEGIN; "+end+"; "+m.revisions.record(action, sc.file.Version)+"; COMMIT")
	if err != nil {
		return &UncertainError{Version: sc.file.Version, Err: err}
	}
	return nil
}

// statementSums are the running hashes of a file's statements, in the form that Atlas keeps in partial_hashes.
func statementSums(sc *script) []string {
	h := sha256.New()
	var sums []string
	for _, stmt := range sc.statements {
		h.Write([]byte(stmt.Text))
		sums = append(sums, "h1:"+base64.StdEncoding.EncodeToString(h.Sum(nil)))
	}
	return sums
}

var errDiscard = errors.New("migrate: discard the connection")

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

// errorPosition returns where in the message the server saw the fault, a number of characters, or "". 'P' is the
// field's name in the protocol (PostgreSQL manual, section 55.8), by which lib/pq's errors answer.
func errorPosition(err error) string {
	if e, ok := errors.AsType[interface {
		error
		Get(field byte) string
	}](err); ok {
		return e.Get('P')
	}
	return ""
}

// isServerError reports whether the server answered with an error, so that its transaction is known to have failed.
// Class 57P says that the server ends the session, which leaves the outcome open.
func isServerError(err error) bool {
	state := sqlState(err)
	return state != "" && state[:3] != "57P" && state[:2] != "08"
}
