package migrate

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"
)

// A step that takes longer than firstLook is looked at from another connection, every nextLook, to say what it does and, while it
// can still be seen, who blocks it.
const (
	firstLook = time.Second
	nextLook  = time.Second
)

// watcher looks at what a session does.
type watcher struct {
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu       sync.Mutex // guards what follows
	blockers string     // the last that were seen
}

// watch begins to look at s; the caller ends it when the step has ended.
func (m *Migrator) watch(ctx context.Context, s *session, st step) *watcher {
	ctx, cancel := context.WithCancel(ctx)
	w := &watcher{cancel: cancel}
	start, pid := time.Now(), s.pid
	first := firstLook
	if bound := m.lockBound(st.script); bound > 0 {
		first = min(first, bound/2)
	}
	if pid == 0 {
		return w
	}
	w.done.Go(func() {
		timer := time.NewTimer(first)
		defer timer.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-timer.C:
			}
			v, err := m.look(ctx, pid)
			if err != nil {
				return // a pool of one connection, or too few rights
			}
			if v.blockers != "" {
				w.mu.Lock()
				w.blockers = v.blockers
				w.mu.Unlock()
			}
			if elapsed := time.Since(start); elapsed >= firstLook && ctx.Err() == nil {
				event := st.event(EventRunning, elapsed)
				event.Detail = strings.Trim(st.running+", "+v.String(), ", ")
				m.event(event)
			}
			timer.Reset(nextLook)
		}
	})
	return w
}

// end stops looking and returns who blocked the session when it was last seen blocked, "" for nobody.
func (w *watcher) end() string {
	w.cancel()
	w.done.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.blockers
}

// view is what was seen of a session.
type view struct {
	phase    string // of an index build, or how far a backfill is
	share    int    // of the phase, in percent; -1 if unknown
	blockers string
}

func (v view) String() string {
	var parts []string
	if v.phase != "" {
		phase := v.phase
		if v.share >= 0 {
			phase += fmt.Sprintf(" %d %%", v.share)
		}
		parts = append(parts, phase)
	}
	if v.blockers != "" {
		parts = append(parts, v.blockers)
	}
	return strings.Join(parts, ", ")
}

// look asks about the session of pid: its index build (pg_stat_progress_create_index), what a backfill of plinth diff says in its
// application_name, and those who block it.
func (m *Migrator) look(ctx context.Context, pid int) (view, error) {
	v := view{share: -1}
	conn, err := m.db.Conn(ctx)
	if err != nil {
		return v, err
	}
	defer conn.Close()
	var done, total int64
	err = conn.QueryRowContext(ctx, `SELECT phase, CASE WHEN lockers_total > 0 THEN lockers_done WHEN tuples_total > 0 THEN tuples_done ELSE blocks_done END,
       CASE WHEN lockers_total > 0 THEN lockers_total WHEN tuples_total > 0 THEN tuples_total ELSE blocks_total END
  FROM pg_stat_progress_create_index WHERE pid = $1`, pid).Scan(&v.phase, &done, &total)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return v, err
	}
	if total > 0 {
		v.share = int(100 * done / total)
	}
	if v.phase == "" {
		err := conn.QueryRowContext(ctx, `SELECT substr(application_name, 9) FROM pg_stat_activity
 WHERE pid = $1 AND application_name ~ '^plinth: [0-9]+ of about [0-9]+ rows$'`, pid).Scan(&v.phase)
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			return v, err
		}
	}
	list, err := sessions(ctx, conn, `SELECT pid, application_name, state, coalesce(extract(epoch FROM now() - xact_start), 0), query
  FROM pg_stat_activity WHERE pid = ANY (pg_blocking_pids($1)) ORDER BY xact_start LIMIT 3`, pid)
	if len(list) > 0 {
		v.blockers = "Blocked by " + strings.Join(list, "; ")
	}
	return v, err
}

// sessions describes those that a query returns.
func sessions(ctx context.Context, q querier, query string, args ...any) ([]string, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var list []string
	for rows.Next() {
		var pid int
		var application, state, query sql.NullString
		var seconds float64
		if err := rows.Scan(&pid, &application, &state, &seconds, &query); err != nil {
			return nil, err
		}
		age := time.Duration(seconds * float64(time.Second)).Round(time.Second)
		list = append(list, fmt.Sprintf("pid %d (%s, %s) for %v: %s", pid, application.String, state.String, age, oneLine(query.String)))
	}
	return list, rows.Err()
}
