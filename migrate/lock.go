package migrate

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"time"
)

// lockName is the name under which the Atlas command takes its lock; lockID derives the advisory id as Atlas's driver
// does (sql/postgres/driver.go, Lock).
const lockName = "atlas_migrate_execute"

// messageLockName is held, behind a pooler, by the transaction of each file: of a runner that was killed, the server carries out
// the message that it has received, and the lock proper is not that session's.
const messageLockName = "plinth_migrate_message"

func lockID(name string) int64 {
	h := fnv.New32()
	_, _ = h.Write([]byte(name))
	return int64(h.Sum32())
}

// lock takes the advisory lock for the session of s.conn, whose end frees it, however it ends. Behind a pooler in transaction
// mode a session is no more than a transaction: there one on another connection holds the lock. It is idle between statements
// and READ COMMITTED, so that it keeps no snapshot.
func (m *Migrator) lock(ctx context.Context, s *session) error {
	start := time.Now()
	if !s.pooled() {
		return m.poll(ctx, s.conn, start, func() (ok bool, err error) {
			err = s.conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1), pg_backend_pid()", lockID(lockName)).Scan(&ok, &s.pid)
			return ok, err
		})
	}
	err := m.poll(ctx, s.conn, start, func() (bool, error) { return m.keep(ctx, s) })
	if err != nil {
		return err
	}
	err = m.poll(ctx, s.conn, start, func() (ok bool, err error) { // freed at once, with its transaction
		err = s.conn.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", lockID(messageLockName)).Scan(&ok)
		return ok, err
	})
	if err != nil {
		s.keeper.end()
		s.keeper = nil
	}
	return err
}

// keep tries to make a transaction that holds the lock. Without the lock it ends at once, as it would take one of the pooler's
// connections from those who work.
func (m *Migrator) keep(ctx context.Context, s *session) (ok bool, err error) {
	patience, cancel := context.WithTimeout(ctx, keeperPatience)
	defer cancel()
	conn, err := m.db.Conn(patience)
	if err != nil {
		return false, fmt.Errorf("behind %s the lock needs a connection of its own; let the pool have two (DB_POOL_SIZE, DB_MAX_OVERFLOW): %w", s.pooler, err)
	}
	tx, err := conn.BeginTx(context.WithoutCancel(ctx), &sql.TxOptions{Isolation: sql.LevelReadCommitted})
	if err != nil {
		_ = conn.Close()
		return false, err
	}
	if _, err = tx.ExecContext(ctx, "SET LOCAL idle_in_transaction_session_timeout = 0"); err == nil {
		err = tx.QueryRowContext(ctx, "SELECT pg_try_advisory_xact_lock($1)", lockID(lockName)).Scan(&ok)
	}
	k := &keeper{conn, tx}
	if !ok || err != nil {
		k.end()
		return false, err
	}
	s.keeper = k
	return true, nil
}

// keeperPatience bounds the wait for the connection that keeps the lock: with a pool of one, nobody would give it back.
const keeperPatience = 5 * time.Second

// keeper is the transaction that holds the lock behind a pooler.
type keeper struct {
	conn *sql.Conn
	tx   *sql.Tx
}

func (k *keeper) end() {
	if k != nil {
		_ = k.tx.Rollback()
		_ = k.conn.Close()
	}
}

// poll tries to take a lock until it has it or the wait is over. It tries and sleeps instead of blocking in the server, because
// a blocked session holds a snapshot, for which CREATE INDEX CONCURRENTLY in the other runner would wait.
func (m *Migrator) poll(ctx context.Context, conn *sql.Conn, start time.Time, try func() (bool, error)) error {
	const slowest = 500 * time.Millisecond
	pause := 20 * time.Millisecond
	for told := false; ; {
		ok, err := try()
		if err != nil {
			return fmt.Errorf("migrate: take the lock: %w", err)
		}
		if ok {
			return nil
		}
		left := m.lockWait - time.Since(start)
		if left <= 0 {
			return &LockError{Waited: time.Since(start), Holder: holder(ctx, conn)}
		}
		if !told {
			told = true
			m.event(Event{Kind: EventWaiting, Detail: holder(ctx, conn)})
		}
		timer := time.NewTimer(min(pause, left))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return fmt.Errorf("migrate: waiting for the lock: %w", ctx.Err())
		}
		pause = min(pause*2, slowest)
	}
}

// holder describes who has the lock, as far as this role may see it.
func holder(ctx context.Context, q querier) string {
	var pid int
	var application, user, query sql.NullString
	var since sql.NullTime
	err := q.QueryRowContext(ctx, `SELECT l.pid, a.application_name, a.usename, a.query, coalesce(a.xact_start, a.query_start)
  FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1
   AND l.classid = 0 AND l.objid::bigint IN ($1, $2)
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
 LIMIT 1`, lockID(lockName), lockID(messageLockName)).Scan(&pid, &application, &user, &query, &since)
	if err != nil {
		return ""
	}
	s := fmt.Sprintf("held by pid %d", pid)
	if application.String != "" {
		s += fmt.Sprintf(" (%s)", application.String)
	}
	if user.String != "" {
		s += " of " + user.String
	}
	if since.Valid {
		s += fmt.Sprintf(", running for %v", time.Since(since.Time).Round(time.Second))
	}
	if text := oneLine(query.String); text != "" {
		s += ": " + text
	}
	return s
}
