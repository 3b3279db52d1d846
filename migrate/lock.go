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

func lockID() int64 {
	h := fnv.New32()
	_, _ = h.Write([]byte(lockName))
	return int64(h.Sum32())
}

// lock takes the advisory lock for the session of conn. It tries and sleeps instead of blocking in the server, because
// a blocked session holds a snapshot, for which CREATE INDEX CONCURRENTLY in the other runner would wait. The session's
// end frees the lock, however it ends.
func (m *Migrator) lock(ctx context.Context, conn *sql.Conn) (pid int, err error) {
	const slowest = 500 * time.Millisecond
	start := time.Now()
	pause := 20 * time.Millisecond
	for told := false; ; {
		var ok bool
		if err := conn.QueryRowContext(ctx, "SELECT pg_try_advisory_lock($1), pg_backend_pid()", lockID()).Scan(&ok, &pid); err != nil {
			return 0, fmt.Errorf("migrate: take the lock: %w", err)
		}
		if ok {
			return pid, nil
		}
		left := m.lockWait - time.Since(start)
		if left <= 0 {
			return 0, &LockError{Waited: time.Since(start), Holder: holder(ctx, conn)}
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
			return 0, fmt.Errorf("migrate: waiting for the lock: %w", ctx.Err())
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
   AND l.classid = 0 AND l.objid::bigint = $1
   AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
 LIMIT 1`, lockID()).Scan(&pid, &application, &user, &query, &since)
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
