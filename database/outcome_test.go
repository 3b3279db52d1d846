package database_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/database/pgconn"
	"github.com/plinth-db/plinth/ent"
)

// TestCommitIsNotSentOnAConnectionThatWasCut: a statement whose own context ends, but which the server finishes, leaves a
// sound transaction on a connection that is given up. COMMIT must not go out then, or a lost answer would count as a
// rollback and the transaction would run twice.
func TestCommitIsNotSentOnAConnectionThatWasCut(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	db := withTokens(t, cfg)
	exec(t, db, `CREATE FUNCTION stubborn() RETURNS void LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(5); EXCEPTION WHEN query_canceled THEN NULL; END $$`)
	var settings pgconn.TxSettings
	tx, err := db.SQL().BeginTx(pgconn.WithTxSettings(t.Context(), &settings), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("INSERT INTO tokens VALUES ('a')"); err != nil {
		t.Fatal(err)
	}
	prepared, err := tx.Prepare("SELECT stubborn()")
	if err != nil {
		t.Fatal(err)
	}
	bounded, cancel := context.WithTimeout(t.Context(), 80*time.Millisecond)
	defer cancel()
	_, _ = prepared.ExecContext(bounded)
	<-bounded.Done()
	p.on("COMMIT", cut)
	if err := tx.Commit(); err == nil || settings.CommitSent || p.count() != 0 {
		t.Fatalf("commit: %v, CommitSent %v, the proxy saw %d", err, settings.CommitSent, p.count())
	}
	if n := count(t, db, "true"); n != 0 {
		t.Fatalf("%d rows, want 0", n)
	}
}

func TestTransactionBegunByHandDoesNotReachTheNextBorrower(t *testing.T) {
	cfg := config(t)
	cfg.PoolSize, cfg.MaxOverflow = 1, 0
	db := withTokens(t, cfg)
	for _, script := range []string{
		"BEGIN", "begin; INSERT INTO tokens VALUES ('x'); SELECT 1/0; COMMIT", " -- note\n/* c */ START  TRANSACTION", "SELECT 1; BEGIN",
	} {
		_, _ = db.SQL().ExecContext(t.Context(), script)
		if _, err := db.SQL().ExecContext(t.Context(), "INSERT INTO tokens VALUES (gen_random_uuid()::text)"); err != nil {
			t.Errorf("after %q: %v", script, err)
		}
	}
	other := open(t, cfg)
	if n := count(t, other, "true"); n != 4 {
		t.Fatalf("%d of 4 acknowledged rows are there", n)
	}
}

func TestOrdinaryStatementsKeepTheirConnection(t *testing.T) {
	cfg := config(t)
	cfg.PoolSize, cfg.MaxOverflow = 1, 0
	db := withTokens(t, cfg)
	for range 5 {
		if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return nil }); err != nil {
			t.Fatal(err)
		}
		exec(t, db, `DO $$ BEGIN PERFORM 'begin', 1 AS "start"; END $$`)
	}
	if s := db.Stats(); s.Dials != 1 {
		t.Fatalf("%d connections were made, want 1", s.Dials)
	}
}

func TestRollbackDoesNotOutliveItsContext(t *testing.T) {
	for name, text := range map[string]string{"outer": "ROLLBACK", "nested": "ROLLBACK TO"} {
		t.Run(name, func(t *testing.T) {
			cfg, p := throughProxy(t, config(t))
			db := withTokens(t, cfg)
			p.on(text, silence)
			ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := db.WithTx(ctx, func(ctx context.Context, _ *ent.Tx) error {
				if name == "nested" {
					return db.WithTx(ctx, func(context.Context, *ent.Tx) error { return errors.New("mine") })
				}
				return errors.New("mine")
			})
			if over := time.Since(start) - 300*time.Millisecond; over > 250*time.Millisecond || err == nil {
				t.Fatalf("%v, outlived its context by %v", err, over)
			}
		})
	}
}

func TestNestedWithAnEndedContextLeavesTheOuterAlone(t *testing.T) {
	db := withTokens(t, config(t))
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		ended, cancel := context.WithCancel(ctx)
		cancel()
		if err := db.WithTx(ended, func(context.Context, *ent.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("nested: %v", err)
		}
		return insert(ctx, tx, "outer")
	})
	if err != nil || count(t, db, "true") != 1 {
		t.Fatal(err)
	}
}

func TestUnknownOutcomeOfAnotherTransactionIsNotOurs(t *testing.T) {
	db := withTokens(t, config(t))
	var got database.Outcome
	foreign := &database.CommitUnknownError{Attempt: 7, Err: errors.New("elsewhere")}
	err := db.WithTx(t.Context(), func(context.Context, *ent.Tx) error { return foreign },
		database.OnAttempt(func(a database.Attempt) { got = a.Outcome }))
	if !errors.Is(err, foreign) || got != database.RolledBack || foreign.Attempt != 7 {
		t.Fatalf("%v, outcome %s", err, got)
	}
}

// TestFnCannotEndItsTransaction: a COMMIT of fn's own, and then a lost connection, would make the retry do everything twice.
func TestFnCannotEndItsTransaction(t *testing.T) {
	for name, end := range map[string]func(ctx context.Context, tx *ent.Tx) error{
		"Commit":   func(_ context.Context, tx *ent.Tx) error { return tx.Commit() },
		"Rollback": func(_ context.Context, tx *ent.Tx) error { return tx.Rollback() },
		"statement": func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.ExecContext(ctx, " -- done\n/* so */ commit")
			return err
		},
		"abort": func(ctx context.Context, tx *ent.Tx) error {
			_, err := tx.ExecContext(ctx, "ROLLBACK WORK")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			db := withTokens(t, config(t))
			var refusal error
			err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
				if err := insert(ctx, tx, "kept"); err != nil {
					return err
				}
				refusal = end(ctx, tx)
				if _, err := tx.ExecContext(ctx, "SAVEPOINT mine; ROLLBACK TO mine"); err != nil {
					return err
				}
				_, err := tx.ExecContext(ctx, "ROLLBACK TO SAVEPOINT mine")
				return err
			})
			if refusal == nil || err != nil || count(t, db, "true") != 1 {
				t.Fatalf("refusal %v, then %v", refusal, err)
			}
			nested := db.WithTx(t.Context(), func(ctx context.Context, _ *ent.Tx) error {
				return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
					if err := insert(ctx, tx, "undone"); err != nil {
						return err
					}
					return end(ctx, tx)
				})
			})
			if nested == nil || count(t, db, "true") != 1 {
				t.Fatalf("nested: %v, %d rows", nested, count(t, db, "true"))
			}
		})
	}
}
