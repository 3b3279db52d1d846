package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"
)

// lockNotAvailable is what a statement gives that waited longer than lock_timeout (PostgreSQL, errcodes.txt). A waiting
// ALTER TABLE makes everybody who comes after it wait as well, readers too, so it must not wait long.
const lockNotAvailable = "55P03"

// runBlocked runs a file in its transaction and, if a lock was not to be had in time, again as a whole, with pauses in
// which those who queued up behind it get through.
func (m *Migrator) runBlocked(ctx context.Context, s *session, st step) error {
	const longest = 30 * time.Second
	pause := 500 * time.Millisecond
	for attempt := 1; ; attempt++ {
		err := m.runFile(ctx, s.conn, st.script)
		e, ok := errors.AsType[*ExecError](err)
		if !ok || e.SQLState != lockNotAvailable {
			return err
		}
		blockers := openTransactions(ctx, s.conn)
		if attempt == m.lockAttempts {
			e.Hint = fmt.Sprintf("The lock was not to be had in %d attempt(s). %s", attempt, blockers)
			return e
		}
		event := st.event(EventBlocked, 0)
		event.Detail = fmt.Sprintf("attempt %d of %d did not get its lock within %v. %s", attempt, m.lockAttempts, m.lockTimeout, blockers)
		m.event(event)
		timer := time.NewTimer(time.Duration(float64(pause) * (0.8 + 0.4*rand.Float64())))
		select {
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			e.Hint = "Stopped while waiting for the next attempt. " + blockers
			return errors.Join(e, ctx.Err())
		}
		pause = min(pause*2, longest)
	}
}

// openTransactions names who may hold the lock: the oldest open transactions of the database, as far as this role may
// see them.
func openTransactions(ctx context.Context, q querier) string {
	rows, err := q.QueryContext(ctx, `SELECT pid, application_name, state, extract(epoch FROM now() - xact_start), query
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
 ORDER BY xact_start LIMIT 3`)
	if err != nil {
		return ""
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var pid int
		var application, state, query sql.NullString
		var seconds float64
		if err := rows.Scan(&pid, &application, &state, &seconds, &query); err != nil {
			return ""
		}
		age := time.Duration(seconds * float64(time.Second)).Round(time.Second)
		list = append(list, fmt.Sprintf("pid %d (%s, %s) for %v: %s", pid, application.String, state.String, age, oneLine(query.String)))
	}
	if rows.Err() != nil || len(list) == 0 {
		return "No open transaction is to be seen that could hold it."
	}
	return "Open transactions, the oldest first: " + strings.Join(list, "; ")
}

// oneLine is the beginning of a statement, for a message.
func oneLine(query string) string {
	text := strings.Join(strings.Fields(hidePasswords(query)), " ")
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + " ..."
	}
	return text
}
