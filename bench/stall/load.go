package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// every is how often it is asked who waits.
const every = 5 * time.Millisecond

// load are writers, and somebody who looks how long they wait for locks.
type load struct {
	db      *sql.DB
	done    context.CancelFunc
	all     sync.WaitGroup
	mu      sync.Mutex
	longest time.Duration
	writes  int
	err     error
}

// startLoad begins to update rows by their key, one a transaction.
func startLoad(ctx context.Context, database *pgserver.Database, writers, rows int) (*load, error) {
	db, err := database.SQL(ctx)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(writers + 1)
	db.SetMaxIdleConns(writers + 1)
	ctx, done := context.WithCancel(ctx)
	l := &load{db: db, done: done}
	for range writers {
		l.all.Go(func() { l.write(ctx, rows) })
	}
	l.all.Go(func() { l.watch(ctx) })
	return l, nil
}

func (l *load) fail(ctx context.Context, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() == nil && l.err == nil {
		l.err = err
	}
}

func (l *load) write(ctx context.Context, rows int) {
	conn, err := l.db.Conn(ctx)
	if err != nil {
		l.fail(ctx, err)
		return
	}
	defer func() { _ = conn.Close() }() // its database is dropped
	for ctx.Err() == nil {
		if _, err := conn.ExecContext(ctx, "UPDATE items SET number = (number + 1) % 1000 WHERE id = $1", 1+rand.IntN(rows)); err != nil {
			l.fail(ctx, fmt.Errorf("a writer: %w", err))
			return
		}
		l.mu.Lock()
		l.writes++
		l.mu.Unlock()
		time.Sleep(time.Millisecond)
	}
}

// watch notes how long each session that updates is seen to wait for a lock. A wait of one row's lock of another writer counts too.
func (l *load) watch(ctx context.Context) {
	conn, err := l.db.Conn(ctx)
	if err != nil {
		l.fail(ctx, err)
		return
	}
	defer func() { _ = conn.Close() }() // its database is dropped
	const longest = `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - state_change)), 0) FROM pg_stat_activity
		WHERE datname = current_database() AND state = 'active' AND wait_event_type = 'Lock' AND query LIKE 'UPDATE items SET number%'`
	tick := time.NewTicker(every)
	defer tick.Stop()
	for ctx.Err() == nil {
		var seconds float64
		if err := conn.QueryRowContext(ctx, longest).Scan(&seconds); err != nil {
			l.fail(ctx, fmt.Errorf("who waits: %w", err))
			return
		}
		l.mu.Lock()
		l.longest = max(l.longest, time.Duration(seconds*float64(time.Second)))
		l.mu.Unlock()
		select {
		case <-tick.C:
		case <-ctx.Done():
		}
	}
}

// stop ends it and tells the longest wait.
func (l *load) stop() (time.Duration, error) {
	l.done()
	l.all.Wait()
	err := l.err
	if l.writes == 0 {
		err = errors.Join(err, errors.New("no writer wrote anything"))
	}
	return l.longest, errors.Join(err, l.db.Close())
}
