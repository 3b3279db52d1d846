package diff_test

import (
	"context"
	"database/sql"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate/diff"
)

// A writer that holds a row of a batch gets what it asks for next, although the batch has been there, and commits before the batch goes on.
// The server looks for deadlocks only after a minute, so that none of them helps.
func TestABackfillGivesWayToAWriter(t *testing.T) {
	const start = "CREATE TABLE t (id bigint PRIMARY KEY, a int)"
	in := input(t, diff.SQLModel("CREATE TABLE t (id bigint PRIMARY KEY, a int NOT NULL DEFAULT 7)"), directory{start})
	in.Online = true
	plan, err := diff.Plan(t.Context(), in)
	if err != nil {
		t.Fatal(err)
	}
	db := database(t)
	must(t, db, start+"; INSERT INTO t SELECT i FROM generate_series(1, 1500) i")
	var name string
	if err := db.QueryRowContext(t.Context(), "SELECT quote_ident(current_database())").Scan(&name); err != nil {
		t.Fatal(err)
	}
	must(t, db, "ALTER DATABASE "+name+" SET deadlock_timeout = '1min'")
	db.SetMaxIdleConns(0) // new sessions have it

	writer, err := db.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = writer.Rollback() }() // after Commit it does nothing
	write := func(query string) {
		t.Helper()
		if _, err := writer.ExecContext(t.Context(), query); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	write("SET LOCAL lock_timeout = '30s'")
	write("UPDATE t SET a = 1 WHERE id = 500")

	filled := make(chan error, 1)
	go func() { filled <- fillAll(t.Context(), db, plan) }()
	waitForABlockedFill(t, db, filled)
	write("UPDATE t SET a = 2 WHERE id = 1") // which the batch wrote before it came to row 500
	if err := writer.Commit(); err != nil {
		t.Fatal(err)
	}
	if err := <-filled; err != nil {
		t.Fatal(err)
	}
	var all, written int
	if err := db.QueryRowContext(t.Context(), "SELECT count(a), count(*) FILTER (WHERE id = 500 AND a = 1 OR id = 1 AND a = 2) FROM t").Scan(&all, &written); err != nil {
		t.Fatal(err)
	}
	if all != 1500 || written != 2 {
		t.Errorf("of 1500 rows %d are filled, and of 2 that were written meanwhile %d are as they were written", all, written)
	}
}

func fillAll(ctx context.Context, db *sql.DB, plan *diff.Result) error {
	for _, f := range plan.Files {
		if !strings.Contains(f.Up, "plinth:repeatable") {
			continue
		}
		if _, err := db.ExecContext(ctx, f.Up); err != nil {
			return err
		}
	}
	return nil
}

// waitForABlockedFill waits until a session waits for the writer's row.
func waitForABlockedFill(t *testing.T, db *sql.DB, filled <-chan error) {
	t.Helper()
	for waiting := 0; waiting == 0; {
		select {
		case err := <-filled:
			t.Fatalf("the fill ended while a row was held: %v", err)
		default:
		}
		if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'").Scan(&waiting); err != nil {
			t.Fatal(err)
		}
	}
}
