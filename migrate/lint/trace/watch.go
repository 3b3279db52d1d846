package trace

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plinth-db/plinth/migrate/sqltext"
)

// watched runs a statement that cannot be in a transaction, while another session looks at its locks.
func (t *tracer) watched(ctx context.Context, stmt sqltext.Stmt, st *Statement) (*Failure, error) {
	before, err := t.settled(ctx)
	if err != nil {
		return nil, err
	}
	w, err := t.newWatch(ctx)
	if err != nil {
		return nil, err
	}
	defer w.close()
	st.Ran, st.Autocommit = true, true
	start := time.Now()
	fault, err := w.during(ctx, func() (*Failure, error) { return t.exec(ctx, stmt) })
	st.Duration = time.Since(start)
	if err != nil {
		return nil, err
	}
	w.close()
	st.Locks, st.Sampled = w.seen.on(t.base, nil), (!w.waited || tableByTable(stmt)) && w.tables != "" // only the first table is waited for
	if fault != nil {
		return fault, nil
	}
	after, err := t.settled(ctx)
	if err != nil {
		return nil, err
	}
	t.used(st, before, after)
	return nil, t.changed(ctx, st, true, false)
}

// settled reads the counters after those of the session's finished transactions have been added to them. Servers before version 15
// cannot be asked to do that, and nothing is said of reads and writes there.
func (t *tracer) settled(ctx context.Context) (*reading, error) {
	if t.major < 15 {
		return &reading{counts: map[int64]counts{}}, nil
	}
	if err := t.command(ctx, "SELECT pg_stat_force_next_flush()"); err != nil {
		return nil, err
	}
	return t.read(ctx, overall)
}

// watch looks at the locks of a session, from one of its own, while others hold locks on all tables.
type watch struct {
	eye      *sql.Conn
	pid      int
	tables   string      // to lock, for LOCK TABLE; "" for none
	blockers []*sql.Conn // one for each of blocks; nil when it has let go
	next     int         // of the blockers: that it waits for, or will
	seen     *reading
	waited   bool // the statement was seen to wait, so that what it held then is known
}

// blocks are held one after the other, the next one being taken before the one before is freed. The first stops a statement at its first
// lock, which can then be read; the second and the third where it waits for transactions that it must not overtake.
var blocks = []string{"SHARE UPDATE EXCLUSIVE", "ROW EXCLUSIVE", "ACCESS SHARE"}

func (t *tracer) newWatch(ctx context.Context) (*watch, error) {
	w := &watch{pid: t.pid, seen: &reading{locks: map[int64]int{}}, blockers: make([]*sql.Conn, len(blocks))}
	var tables []string
	for _, r := range t.base.relations {
		if r.Kind == kindTable {
			tables = append(tables, "ONLY "+r.quoted())
		}
	}
	slices.Sort(tables)
	w.tables = strings.Join(tables, ", ")
	var err error
	if w.eye, err = t.db.Conn(ctx); err != nil {
		return nil, err
	}
	for i := range w.blockers {
		if w.blockers[i], err = t.db.Conn(ctx); err != nil {
			w.close()
			return nil, err
		}
	}
	w.block(ctx, 0)
	return w, nil
}

// block takes the locks of blocker i. Without them, because a stronger one is waited for already or somebody else owns a table, there is
// less to see.
func (w *watch) block(ctx context.Context, i int) {
	if i < len(blocks) && w.tables != "" {
		_, _ = w.blockers[i].ExecContext(ctx, fmt.Sprintf("BEGIN; LOCK TABLE %s IN %s MODE NOWAIT", w.tables, blocks[i]))
	}
}

// free lets the statement go on that was seen to wait.
func (w *watch) free(ctx context.Context) {
	if w.next < len(blocks) {
		w.block(ctx, w.next+1)
		_, _ = w.blockers[w.next].ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		w.next++
	}
}

const betweenLooks = time.Millisecond

// during looks again and again until f has ended.
func (w *watch) during(ctx context.Context, f func() (*Failure, error)) (fault *Failure, err error) {
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		fault, err = f()
	}()
	look := time.NewTicker(betweenLooks)
	defer look.Stop()
	var blind error
	for {
		select {
		case <-ended:
			if err == nil {
				err = blind
			}
			return fault, err
		case <-look.C:
			if blind != nil {
				continue
			}
			waits, e := w.look(ctx)
			if blind = e; e != nil {
				w.close() // so that f ends
			}
			if waits && e == nil {
				w.waited = true
				w.free(ctx)
			}
		}
	}
}

// look takes in the locks that are held or waited for now.
func (w *watch) look(ctx context.Context) (waits bool, err error) {
	s := &session{conn: w.eye}
	err = s.query(ctx, fmt.Sprintf("SELECT 0 FROM pg_catalog.pg_locks WHERE pid = %d AND NOT granted LIMIT 1;"+listLocks, w.pid, w.pid),
		func(*sql.Rows) error { waits = true; return nil }, w.seen.addLock)
	return waits, err
}

// close frees what the blockers hold. It is harmless twice.
func (w *watch) close() {
	for i, b := range w.blockers {
		if b != nil {
			_, _ = b.ExecContext(context.Background(), "ROLLBACK")
			_ = b.Close()
			w.blockers[i] = nil
		}
	}
	if w.eye != nil {
		_ = w.eye.Close()
		w.eye = nil
	}
}
