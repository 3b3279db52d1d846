// Package pgxdriver_test runs Plinth on pgx's database/sql driver in place of lib/pq.
package pgxdriver_test

import (
	"context"
	"errors"
	"os"
	"testing"
	"time"

	"entgo.io/ent/dialect"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// open returns a pool on pgx, through a proxy, with a table tokens(token text, n int).
func open(t *testing.T) (*database.DB[*ent.Client, *ent.Tx], *chaos.Proxy) {
	t.Helper()
	p, url, err := chaos.Through(pgtest.TestDatabase(t).URL(), chaos.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.Close() })
	config, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	cfg := database.DefaultConfig()
	cfg.URL, cfg.RetryDelay, cfg.CommitTimeout = url, 10*time.Millisecond, 2*time.Second
	db, err := database.Open(t.Context(), cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) },
		database.WithConnector(stdlib.GetConnector(*config)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close(context.Background()) })
	if _, err := db.SQL().ExecContext(t.Context(), "CREATE TABLE tokens (token text PRIMARY KEY, n int)"); err != nil {
		t.Fatal(err)
	}
	return db, p
}

func insert(ctx context.Context, tx *ent.Tx, token string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO tokens VALUES ($1, $2)", token, 1)
	return err
}

func count(t *testing.T, db *database.DB[*ent.Client, *ent.Tx]) (n int) {
	t.Helper()
	if err := db.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM tokens").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestLostAnswerToCommitIsSettled(t *testing.T) {
	for _, when := range []chaos.When{chaos.Before, chaos.After} {
		for _, harm := range []chaos.Harm{chaos.FIN, chaos.RST} {
			db, p := open(t)
			armed := p.Arm(chaos.Fault{At: chaos.Kind{From: chaos.Client, Name: "Query", Verb: chaos.Commit}, When: when, Harm: harm})
			tries, hooks := 0, 0
			err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
				tries++
				database.OnCommit(ctx, func(context.Context) { hooks++ })
				return insert(ctx, tx, "a")
			})
			want := map[chaos.When]int{chaos.Before: 2, chaos.After: 1}[when]
			if struck := armed.Disarm(); err != nil || struck != 1 || tries != want || hooks != 1 || count(t, db) != 1 {
				t.Errorf("%v %v: %v after %d tries, %d hooks, %d faults, %d rows", when, harm, err, tries, hooks, struck, count(t, db))
			}
		}
	}
}

// TestLostStatementIsRunOnce: by itself pgx's driver runs one without arguments again (facts of 2026-11: up to three times).
func TestLostStatementIsRunOnce(t *testing.T) {
	db, p := open(t)
	armed := p.Arm(chaos.Fault{At: chaos.Kind{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Write}, When: chaos.Before, Harm: chaos.FIN})
	_, err := db.SQL().ExecContext(t.Context(), "INSERT INTO tokens VALUES (gen_random_uuid()::text, 1)")
	if _, ok := errors.AsType[*database.StatementUnknownError](err); !ok || armed.Disarm() != 1 {
		t.Errorf("got %v", err)
	}
	if n := count(t, db); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}

func TestTransactionsOnAnotherDriver(t *testing.T) {
	db, _ := open(t)
	if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		_ = db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			return errors.Join(insert(ctx, tx, "undone"), errors.New("mine"))
		})
		return insert(ctx, tx, "kept")
	}, database.SetLocal("app.tenant", "it's"), database.LockTimeout(time.Second)); err != nil || count(t, db) != 1 {
		t.Errorf("%v, %d rows", err, count(t, db))
	}
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		_ = insert(ctx, tx, "kept") // swallowed
		return nil
	})
	if !errors.Is(err, database.ErrCommitRolledBack) {
		t.Errorf("a swallowed error: %v", err)
	}
	if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "kept") }); !database.IsUniqueViolation(err) {
		t.Errorf("a duplicate: %v", err)
	}
	err = db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "no") }, database.ReadOnly())
	if database.SQLState(err) != "25006" {
		t.Errorf("a write in a read-only transaction: %v", err)
	}
	tries := 0
	if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		tries++
		if err := insert(ctx, tx, "again"); err != nil || tries > 1 {
			return err
		}
		_, err := db.SQL().ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()")
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "SELECT 1")
		return err
	}); err != nil || tries != 2 || count(t, db) != 2 {
		t.Errorf("a killed connection: %v after %d tries, %d rows", err, tries, count(t, db))
	}
}
