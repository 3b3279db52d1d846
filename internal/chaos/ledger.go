package chaos

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"time"
)

// Outcome is what a worker was told of its token.
type Outcome string

// The outcomes.
const (
	Acknowledged Outcome = "acknowledged"
	Failed       Outcome = "failed"
	Unknown      Outcome = "unknown"
)

// Entry is one token.
type Entry struct {
	Token   string
	Rows    int // that it has if it is there
	Outcome Outcome
	Said    string        // the error's text; the error itself could hold on to much
	Faults  string        // what was armed then; empty for nothing
	Harm    Harm          // of the last fault of that chain
	Late    time.Duration // how much longer than its context the operation took; 0 or less is in time
	Hung    bool          // it did not end by itself
	Ended   time.Time
}

// Ledger notes what was told of every token. It is safe for concurrent use.
type Ledger struct {
	mu      sync.Mutex
	entries []Entry
}

// Note adds an entry.
func (l *Ledger) Note(e Entry) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, e)
}

// Entries are all so far.
func (l *Ledger) Entries() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.entries[:len(l.entries):len(l.entries)]
}

func (l *Ledger) forget() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = nil
}

// Table is what the workers insert into. It has no unique constraint, so that a double shows.
const Table = "CREATE TABLE tokens (token text NOT NULL, part int NOT NULL)"

// Insert adds one row of a token; part is 1, 2, ...
const Insert = "INSERT INTO tokens (token, part) VALUES ($1, $2)"

// found is what the table holds of a token.
type found struct{ rows, parts int }

func read(ctx context.Context, db *sql.DB) (map[string]found, error) {
	rows, err := db.QueryContext(ctx, "SELECT token, count(*), count(DISTINCT part) FROM tokens GROUP BY token")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	table := map[string]found{}
	for rows.Next() {
		var token string
		var f found
		if err := rows.Scan(&token, &f.rows, &f.parts); err != nil {
			return nil, err
		}
		table[token] = f
	}
	return table, rows.Err()
}

const (
	alonePoll     = 20 * time.Millisecond
	alonePatience = 20 * time.Second
)

// ofOthers are the sessions of other clients in the database.
const ofOthers = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"

// Others counts the sessions of other clients in the database that db is connected to.
func Others(ctx context.Context, db *sql.DB) (n int, err error) {
	err = db.QueryRowContext(ctx, "SELECT count(*) "+ofOthers).Scan(&n)
	return n, err
}

// alone waits until nobody else is connected to the database, so that nothing can be committed any more. Every pool and every
// proxy must have been closed.
func alone(ctx context.Context, db *sql.DB) error {
	return none(ctx, db, "SELECT count(*) "+ofOthers, "other sessions are still open; close every pool and proxy first")
}

// quiet waits until no other session is in a transaction.
func quiet(ctx context.Context, db *sql.DB) error {
	return none(ctx, db, "SELECT count(*) "+ofOthers+" AND state IS DISTINCT FROM 'idle'", "other sessions are still at work")
}

// none waits until the count is 0.
func none(ctx context.Context, db *sql.DB, count, what string) error {
	ctx, cancel := context.WithTimeout(ctx, alonePatience)
	defer cancel()
	db.SetMaxOpenConns(1) // or our own second connection would count
	for {
		var n int
		err := db.QueryRowContext(ctx, count).Scan(&n)
		if err == nil && n == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("chaos: after %v %d %s (%w)", alonePatience, n, what, ctx.Err())
		case <-time.After(alonePoll):
		}
	}
}
