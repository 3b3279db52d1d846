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

// insist runs a transaction of a file, or a statement that can be run again, and does so once more if a lock was not to be had in
// time, with pauses in which those who queued up behind it get through.
func (m *Migrator) insist(ctx context.Context, s *session, st step, try func() error) error {
	const longest = 30 * time.Second
	pause := 500 * time.Millisecond
	for attempt := 1; ; attempt++ {
		w := m.watch(ctx, s, st)
		err := try()
		blockers := w.end()
		e, ok := errors.AsType[*ExecError](err)
		if !ok || e.SQLState != lockNotAvailable {
			return err
		}
		if blockers == "" {
			blockers = openTransactions(ctx, s.conn)
		}
		again := !e.Alone || e.Statement > 0 && m.canRepeat(st, e.Statement-1)
		if attempt == m.lockAttempts || !again {
			e.Hint = fmt.Sprintf("The lock was not to be had in %d attempt(s). %s", attempt, blockers)
			return e
		}
		event := st.event(EventBlocked, 0)
		event.Detail = fmt.Sprintf("attempt %d of %d did not get its lock within %v. %s", attempt, m.lockAttempts, m.lockBound(st.script), blockers)
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

// canRepeat tells whether a statement that did not get its lock has left nothing behind: a block that commits by itself may have.
func (m *Migrator) canRepeat(st step, i int) bool {
	return !isProcedural(st.script.statements[i]) || st.script.repeatable
}

// openTransactions names who may hold the lock: the oldest open transactions of the database, as far as this role may
// see them.
func openTransactions(ctx context.Context, q querier) string {
	list, err := sessions(ctx, q, `SELECT pid, application_name, state, extract(epoch FROM now() - xact_start), query
  FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL
 ORDER BY xact_start LIMIT 3`)
	if prepared := preparedTransactions(ctx, q); prepared != "" {
		list = append(list, prepared)
	}
	switch {
	case err != nil:
		return ""
	case len(list) == 0:
		return "No open transaction is to be seen that could hold it."
	}
	return "Open transactions, the oldest first: " + strings.Join(list, "; ")
}

// preparedTransactions hold locks without a session.
func preparedTransactions(ctx context.Context, q querier) string {
	var names sql.NullString
	err := q.QueryRowContext(ctx, "SELECT string_agg(gid, ', ' ORDER BY prepared) FROM pg_prepared_xacts WHERE database = current_database()").Scan(&names)
	if err != nil || !names.Valid {
		return ""
	}
	return "prepared transactions, which COMMIT PREPARED or ROLLBACK PREPARED ends: " + names.String
}

// oneLine is the beginning of a statement, for a message.
func oneLine(query string) string {
	text := strings.Join(strings.Fields(hidePasswords(query)), " ")
	if r := []rune(text); len(r) > 80 {
		return string(r[:80]) + " ..."
	}
	return text
}
