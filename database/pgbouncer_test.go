package database_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	entsql "entgo.io/ent/dialect/sql"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

// throughPgBouncer sends cfg's connections through a PgBouncer in transaction mode with two server connections.
func throughPgBouncer(t testing.TB, cfg database.Config, settings ...string) database.Config {
	t.Helper()
	cfg.URL = pgtest.PgBouncer(t, cfg.URL, settings...)
	return cfg
}

func TestPgBouncerInTransactionMode(t *testing.T) {
	direct := config(t)
	owner := withTokens(t, direct)
	exec1 := func(s string) { exec(t, owner, s) }
	exec1("CREATE TABLE documents (id int PRIMARY KEY, body jsonb, raw bytea)")
	exec1("CREATE TABLE tags (id uuid, name text)")
	db := open(t, throughPgBouncer(t, direct))

	t.Run("many at once, alone and in transactions", func(t *testing.T) {
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 25 {
					token := fmt.Sprintf("%d-%d", w, i)
					if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
						if err := insert(ctx, tx, token); err != nil {
							return err
						}
						_, err := tx.ExecContext(ctx, "UPDATE tokens SET n = $1 WHERE token = $2", i, token)
						return err
					}); err != nil {
						t.Error(err)
					}
					var n int
					if err := db.SQL().QueryRowContext(t.Context(), "SELECT n FROM tokens WHERE token = $1", token).Scan(&n); err != nil || n != i {
						t.Errorf("%s: %d, %v", token, n, err)
					}
				}
			})
		}
		wg.Wait()
		if n := count(t, owner, "true"); n != 200 {
			t.Errorf("%d rows, want 200", n)
		}
	})
	t.Run("jsonb and bytea", func(t *testing.T) {
		raw := json.RawMessage(`{"a": [1, 2]}`)
		if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO documents VALUES ($1, $2, $3)", 1, raw, []byte{0, 1, 255})
			return err
		}); err != nil {
			t.Fatal(err)
		}
		var body string
		var back []byte
		if err := db.SQL().QueryRowContext(t.Context(), "SELECT body, raw FROM documents WHERE id = $1", 1).Scan(&body, &back); err != nil ||
			body != string(raw) || string(back) != "\x00\x01\xff" {
			t.Errorf("%q, %q, %v", body, back, err)
		}
	})
	t.Run("settings local to the transaction", func(t *testing.T) {
		if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			return expectTenant(ctx, tx, "a'b")
		}, database.SetLocal("app.tenant", "a'b"), database.StatementTimeout(time.Second)); err != nil {
			t.Error(err)
		}
		if _, err := db.Client().Tag.Query().Count(entsql.WithVar(t.Context(), "app.tenant", "x")); err == nil || !strings.Contains(err.Error(), "pooler") {
			t.Errorf("WithVar outside a transaction: %v", err)
		}
	})
	t.Run("savepoints, conflicts and constraints", func(t *testing.T) {
		err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			_ = db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "0-0") })
			return insert(ctx, tx, "after a savepoint")
		})
		if err != nil || count(t, owner, "token = 'after a savepoint'") != 1 {
			t.Error(err)
		}
	})
	t.Run("prepared statements work or are refused", func(t *testing.T) {
		s, err := db.SQL().PrepareContext(t.Context(), "SELECT $1::int")
		if err != nil { // PgBouncer before 1.21, or without max_prepared_statements
			if !strings.Contains(err.Error(), "inside a transaction") {
				t.Errorf("got %v", err)
			}
			return
		}
		defer s.Close()
		for i := range 20 {
			var got int
			if err := s.QueryRowContext(t.Context(), i).Scan(&got); err != nil || got != i {
				t.Fatalf("%d, %v", got, err)
			}
		}
	})
	t.Run("a cancelled statement ends on the server", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		if _, err := db.SQL().ExecContext(ctx, "SELECT pg_sleep($1)", 60); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		for end := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			var n int
			if err := owner.SQL().QueryRowContext(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE 'SELECT pg_sleep%'").Scan(&n); err != nil {
				t.Fatal(err)
			}
			if n == 0 {
				break
			}
			if time.Now().After(end) {
				t.Fatal("the statement still runs")
			}
		}
	})
}

// TestLostCommitBehindPgBouncerIsSettled: the connection that settles goes through the pooler as well.
func TestLostCommitBehindPgBouncerIsSettled(t *testing.T) {
	direct := config(t)
	owner := withTokens(t, direct)
	for _, when := range []chaos.When{chaos.Before, chaos.After} {
		cfg, p := counted(t, throughPgBouncer(t, direct))
		db := open(t, cfg)
		if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, fmt.Sprint("warm ", when)) }); err != nil {
			t.Fatal(err)
		}
		before := p.Counts().RoundTrips
		armed := p.Arm(chaos.Fault{At: chaos.Kind{From: chaos.Client, Name: "Query", Verb: chaos.Commit}, When: when, Harm: chaos.FIN})
		tries := 0
		err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			tries++
			return insert(ctx, tx, fmt.Sprint("lost ", when))
		})
		struck := armed.Disarm()
		if err != nil || struck != 1 || count(t, owner, fmt.Sprintf("token = 'lost %v'", when)) != 1 {
			t.Errorf("%v: %v after %d tries, %d faults, %d round trips", when, err, tries, struck, p.Counts().RoundTrips-before)
		}
	}
}

// TestStartupParameterThatPgBouncerRefusesIsExplained: the server's own message does not say what to do.
func TestStartupParameterThatPgBouncerRefusesIsExplained(t *testing.T) {
	cfg := throughPgBouncer(t, config(t))
	cfg.StatementTimeout = time.Second
	cfg.MaxRetries = 0
	_, err := database.Open(t.Context(), cfg, newClient)
	if err == nil || !strings.Contains(err.Error(), "ignore_startup_parameters") || !strings.Contains(err.Error(), "statement_timeout") {
		t.Fatalf("got %v", err)
	}
}

// TestTwoRoundTripsBehindPgBouncer: where the pooler keeps no prepared statements, each statement travels whole; where it
// does, only the first transaction takes one more.
func TestTwoRoundTripsBehindPgBouncer(t *testing.T) {
	direct := config(t)
	withTokens(t, direct)
	cfg, p := counted(t, throughPgBouncer(t, direct))
	db := open(t, cfg)
	for i := range 3 {
		before := p.Counts().RoundTrips
		if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.ExecContext(ctx, "INSERT INTO tokens VALUES ($1, $2)", fmt.Sprint(i), i)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if got := p.Counts().RoundTrips - before; got != 2 && i > 0 {
			t.Errorf("%d round trips, want 2", got)
		}
	}
}
