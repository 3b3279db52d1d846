package migrate

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"
)

// session is one run's connection, with what the database records.
type session struct {
	conn   *sql.Conn
	pid    int     // of the server's process behind conn; 0 behind a pooler, where it changes
	pooler string  // that stands between, in transaction mode; "" for none
	keeper *keeper // holds the lock behind a pooler, where conn cannot
	state  *state
	dirty  bool // something may be set in it, or prepared, that no file has asked for
}

func (s *session) pooled() bool { return s.pooler != "" }

// begin takes a connection and the lock, makes the tables and reads the record. A dry run takes no lock and makes
// nothing.
func (m *Migrator) begin(ctx context.Context) (*session, error) {
	if err := m.dir.Validate(); err != nil {
		return nil, err
	}
	conn, err := m.db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("migrate: connect: %w", err)
	}
	s := &session{conn: conn, dirty: true}
	if s.pooler, err = poolerOf(conn); err != nil {
		discard(conn)
		return nil, fmt.Errorf("migrate: connect: %w", err)
	}
	if !m.dryRun {
		if err := m.lock(ctx, s); err != nil {
			discard(conn)
			return nil, err
		}
		if err := m.revisions.create(ctx, conn); err != nil {
			m.end(ctx, s)
			return nil, fmt.Errorf("migrate: %w", err)
		}
	}
	if s.state, err = m.readState(ctx, conn); err != nil {
		m.end(ctx, s)
		return nil, err
	}
	return s, nil
}

// end frees the lock, also after ctx has ended, and closes the session: whatever a file has set in it must reach nobody
// else who uses the same *sql.DB. A lost connection has freed the lock by itself.
func (m *Migrator) end(ctx context.Context, s *session) {
	s.keeper.end()
	if s.conn == nil {
		return
	}
	if m.dryRun {
		_ = s.conn.Close()
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	finish := "ROLLBACK"
	if !s.pooled() {
		finish += fmt.Sprintf("; SELECT pg_advisory_unlock(%d)", lockID(lockName))
	}
	_, _ = s.conn.ExecContext(ctx, finish)
	discard(s.conn)
}

// discard closes a connection instead of giving it back to its pool, which database/sql does for this one error.
func discard(conn *sql.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	_ = conn.Close()
}

// poolerOf names the pooler in transaction mode that a connection goes through, "" for none. Only connections of package database
// know of it.
func poolerOf(conn *sql.Conn) (name string, err error) {
	err = conn.Raw(func(c any) error {
		if p, ok := c.(interface{ Pooler() string }); ok {
			name = p.Pooler()
		}
		return nil
	})
	return name, err
}

// refusePooled refuses files that need a session of their own for longer than a transaction.
func refusePooled(steps []step) error {
	for _, st := range steps {
		if st.script.noTx {
			return &DirError{File: st.script.path, Reason: "runs without a transaction (atlas:txmode none), which cannot be done through a connection pooler " +
				"in transaction mode: the lock and the settings of the session would be lost between its statements; give the URL of the server itself. Nothing was run"}
		}
	}
	return nil
}

// reopen replaces a session whose connection is lost. It waits for the lock, that is for the old session's end.
func (m *Migrator) reopen(ctx context.Context, s *session) error {
	s.keeper.end()
	discard(s.conn)
	s.conn, s.keeper = nil, nil
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleTimeout)
	defer cancel()
	patient := *m
	patient.lockWait, patient.observe = settleTimeout, func(Event) {}
	again, err := patient.begin(ctx)
	if err == nil {
		*s = *again
	}
	return err
}

const settleTimeout = 15 * time.Second

// errLockLost says that the transaction that held the lock behind a pooler has gone.
var errLockLost = errors.New("migrate: the connection that holds the lock was lost; run again")

// stillLocked makes sure, before a file runs behind a pooler, that nobody else can have begun meanwhile.
func (s *session) stillLocked(ctx context.Context) error {
	if s.keeper == nil {
		return nil
	}
	if _, err := s.keeper.tx.ExecContext(ctx, "SELECT 1"); err != nil {
		return errors.Join(errLockLost, err)
	}
	return nil
}
