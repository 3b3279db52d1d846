package database_test

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
)

func TestWithTxCommits(t *testing.T) {
	db := withTokens(t, config(t))
	if err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "a") }); err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "true"); n != 1 {
		t.Fatalf("%d rows, want 1", n)
	}
}

func TestWithTxRollsBackAndReturnsTheErrorAsItWas(t *testing.T) {
	db := withTokens(t, config(t))
	mine := errors.New("mine")
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		if err := insert(ctx, tx, "a"); err != nil {
			return err
		}
		return mine
	})
	if err != mine { //nolint:errorlint // identity is the rule
		t.Fatalf("got %v, want fn's own error", err)
	}
	if n := count(t, db, "true"); n != 0 {
		t.Fatalf("%d rows, want 0", n)
	}
}

func TestWithTxRollsBackOnPanicAndRaisesItAgain(t *testing.T) {
	db := withTokens(t, config(t))
	type mine struct{ n int }
	func() {
		defer func() {
			if got := recover(); got != (mine{7}) {
				t.Errorf("recovered %v, want the same value", got)
			}
		}()
		_ = db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			if err := insert(ctx, tx, "a"); err != nil {
				t.Error(err)
			}
			panic(mine{7})
		})
	}()
	if n := count(t, db, "true"); n != 0 {
		t.Fatalf("%d rows, want 0", n)
	}
	if s := db.Stats(); s.InUse != 0 {
		t.Fatalf("%d connections still in use", s.InUse)
	}
}

func TestWithTxRollsBackOnGoexit(t *testing.T) {
	db := withTokens(t, config(t))
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			if err := insert(ctx, tx, "a"); err != nil {
				t.Error(err)
			}
			runtime.Goexit()
			return nil
		})
	}()
	<-done
	if n, s := count(t, db, "true"), db.Stats(); n != 0 || s.InUse != 0 {
		t.Fatalf("%d rows, %d in use; want 0 and 0", n, s.InUse)
	}
}

func TestInTxReturnsTheResultOfTheWinningAttempt(t *testing.T) {
	db := withTokens(t, config(t))
	tries := 0
	got, err := database.InTx(t.Context(), db, func(ctx context.Context, tx *ent.Tx) ([]int, error) {
		tries++
		if tries == 1 {
			killSelf(ctx, tx)
		}
		return []int{tries}, insert(ctx, tx, "a")
	})
	if err != nil || !slices.Equal(got, []int{2}) {
		t.Fatalf("got %v, %v; want [2]", got, err)
	}
	failed, err := database.InTx(t.Context(), db, func(context.Context, *ent.Tx) (int, error) { return 5, errors.New("no") })
	if err == nil || failed != 0 {
		t.Fatalf("got %d, %v; want 0 and an error", failed, err)
	}
}

// killSelf ends the transaction's own backend.
func killSelf(ctx context.Context, tx *ent.Tx) {
	_, _ = tx.ExecContext(ctx, "SELECT pg_terminate_backend(pg_backend_pid())")
}

func TestLostConnectionIsRetriedWholly(t *testing.T) {
	db := withTokens(t, config(t))
	var attempts []database.Attempt
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		if err := insert(ctx, tx, "a"); err != nil {
			return err
		}
		if len(attempts) == 0 {
			killSelf(ctx, tx)
		}
		return insert(ctx, tx, "b")
	}, database.Label("pair"), database.OnAttempt(func(a database.Attempt) { attempts = append(attempts, a) }))
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "true"); n != 2 {
		t.Fatalf("%d rows, want 2", n)
	}
	if len(attempts) != 2 || attempts[0].Outcome != database.RolledBack || attempts[0].Wait == 0 || attempts[0].Label != "pair" ||
		attempts[1].Outcome != database.Committed || attempts[1].Number != 2 {
		t.Fatalf("attempts: %+v", attempts)
	}
	if s := db.Stats(); s.Retries != 1 {
		t.Fatalf("Retries = %d, want 1", s.Retries)
	}
}

// TestSerializationFailureIsRetried forces a true 40001: both transactions read before either writes.
func TestSerializationFailureIsRetried(t *testing.T) {
	db := withTokens(t, config(t))
	exec(t, db, "INSERT INTO tokens VALUES ('x', 0), ('y', 0)")
	var read, both sync.WaitGroup
	read.Add(2)
	attempts := make(chan database.Attempt, 10)
	for _, token := range []string{"x", "y"} {
		both.Go(func() {
			first := true
			err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
				rows, err := tx.QueryContext(ctx, "SELECT n FROM tokens")
				if err != nil {
					return err
				}
				for rows.Next() {
				}
				if err := rows.Close(); err != nil {
					return err
				}
				if first {
					first = false
					read.Done()
					read.Wait()
				}
				_, err = tx.ExecContext(ctx, "UPDATE tokens SET n = n + 1 WHERE token = $1", token)
				return err
			}, database.Isolation(sql.LevelSerializable), database.OnAttempt(func(a database.Attempt) { attempts <- a }))
			if err != nil {
				t.Error(err)
			}
		})
	}
	both.Wait()
	close(attempts)
	conflicts := 0
	for a := range attempts {
		if database.SQLState(a.Err) == "40001" {
			conflicts++
		}
	}
	if conflicts == 0 {
		t.Fatal("no serialization failure happened: the test tests nothing")
	}
	if n := count(t, db, "n = 1"); n != 2 {
		t.Fatalf("%d rows were counted up once, want 2", n)
	}
}

func TestRetriesEndInARetryErrorWithEveryCause(t *testing.T) {
	db := withTokens(t, config(t))
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		killSelf(ctx, tx)
		return insert(ctx, tx, "a")
	}, database.MaxRetries(2))
	e, ok := errors.AsType[*database.RetryError](err)
	if !ok || len(e.Attempts) != 3 {
		t.Fatalf("got %v, want a RetryError of 3 attempts", err)
	}
	if lost, ok := errors.AsType[*database.ConnectionError](err); !ok || lost.Address == "" {
		t.Fatalf("no ConnectionError with an address in %v", err)
	}
	if !errors.Is(err, database.ErrDatabase) {
		t.Fatal("not an ErrDatabase")
	}
}

func TestRetriesStopAtTheDeadline(t *testing.T) {
	cfg := config(t)
	cfg.RetryDelay = time.Minute
	db := withTokens(t, cfg)
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	start := time.Now()
	err := db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		killSelf(ctx, tx)
		return insert(ctx, tx, "a")
	})
	if e, ok := errors.AsType[*database.RetryError](err); !ok || e.Stopped == nil || !errors.Is(err, context.DeadlineExceeded) {
		t.Fatalf("got %v, want a RetryError stopped by the deadline", err)
	}
	if time.Since(start) > 4*time.Second {
		t.Fatal("waited for a retry that the deadline forbids")
	}
}

func TestConstraintFailuresAreToldBySQLStateAndNotRetried(t *testing.T) {
	db := withTokens(t, config(t))
	exec(t, db, "INSERT INTO tokens VALUES ('a')")
	tries := 0
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		tries++
		return insert(ctx, tx, "a")
	})
	if !database.IsUniqueViolation(err) || tries != 1 {
		t.Fatalf("got %v after %d tries", err, tries)
	}
}

func TestSwallowedErrorIsNotASuccess(t *testing.T) {
	db := withTokens(t, config(t))
	exec(t, db, "INSERT INTO tokens VALUES ('a')")
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		_ = insert(ctx, tx, "b")
		_ = insert(ctx, tx, "a") // fails, and fn does not tell
		return nil
	})
	if !errors.Is(err, database.ErrCommitRolledBack) || !database.IsUniqueViolation(err) {
		t.Fatalf("got %v, want ErrCommitRolledBack with the cause", err)
	}
	if n := count(t, db, "true"); n != 1 {
		t.Fatalf("%d rows, want 1", n)
	}
}

func TestDeferredConstraintAtCommitIsAnError(t *testing.T) {
	db := withTokens(t, config(t))
	exec(t, db, "CREATE TABLE pair (token text REFERENCES tokens DEFERRABLE INITIALLY DEFERRED)")
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO pair VALUES ('nobody')")
		return err
	})
	if !database.IsForeignKeyViolation(err) {
		t.Fatalf("got %v, want a foreign key violation from COMMIT", err)
	}
	if _, unknown := errors.AsType[*database.CommitUnknownError](err); unknown {
		t.Fatal("the server answered, so the outcome is known")
	}
}

func TestLostAnswerToCommitIsSettled(t *testing.T) {
	for name, tc := range map[string]struct {
		harm  harm
		tries int
	}{
		"the server committed":                  {cut, 1},
		"the server never heard of it":          {drop, 2},
		"the network is silent, not the server": {silence, 2},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, p := throughProxy(t, config(t))
			cfg.CommitTimeout = 2 * time.Second
			db := withTokens(t, cfg)
			hooks, tries := 0, 0
			var outcomes []database.Outcome
			p.on("COMMIT", tc.harm)
			err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
				tries++
				database.OnCommit(ctx, func(context.Context) { hooks++ })
				return insert(ctx, tx, "a")
			}, database.OnAttempt(func(a database.Attempt) { outcomes = append(outcomes, a.Outcome) }))
			if err != nil || tries != tc.tries || hooks != 1 || len(outcomes) != tries || outcomes[tries-1] != database.Committed {
				t.Fatalf("%v after %d tries with %v, %d hooks ran; want %d tries and one hook", err, tries, outcomes, hooks, tc.tries)
			}
			if n := count(t, db, "true"); n != 1 {
				t.Fatalf("%d rows, want 1", n)
			}
		})
	}
}

func TestUndecidableCommitIsUnknownAndNeverRetried(t *testing.T) {
	for name, h := range map[string]harm{"cut": cutForGood, "silence": silence} {
		t.Run(name, func(t *testing.T) {
			cfg, p := throughProxy(t, config(t))
			cfg.CommitTimeout = 400 * time.Millisecond
			db := withTokens(t, cfg)
			hooks, tries := 0, 0
			if p.on("COMMIT", h); h == silence {
				p.refuse()
			}
			start := time.Now()
			err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
				tries++
				database.OnCommit(ctx, func(context.Context) { hooks++ })
				return insert(ctx, tx, "a")
			}, database.Label("booking"))
			if over := time.Since(start) - cfg.CommitTimeout; over > 250*time.Millisecond {
				t.Errorf("settling went on for %v after DB_COMMIT_TIMEOUT", over)
			}
			e, ok := errors.AsType[*database.CommitUnknownError](err)
			if !ok || e.Attempt != 1 || e.Label != "booking" || e.XID == "" || e.Timeline != "00000001" || !errors.Is(err, database.ErrDatabase) {
				t.Fatalf("got %v, want a CommitUnknownError with all that is known", err)
			}
			if tries != 1 || hooks != 0 {
				t.Fatalf("%d tries, %d hooks; want 1 and 0", tries, hooks)
			}
		})
	}
}

func TestSingleStatementIsNeverSentTwice(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	db := withTokens(t, cfg)
	for name, statement := range map[string]string{
		"exec":  "INSERT INTO tokens VALUES (gen_random_uuid()::text)",
		"query": "INSERT INTO tokens VALUES (gen_random_uuid()::text) RETURNING token",
	} {
		t.Run(name, func(t *testing.T) {
			before := count(t, db, "true")
			p.on("INSERT INTO tokens", cut)
			var err error
			if name == "query" {
				err = db.SQL().QueryRowContext(t.Context(), statement).Scan(new(string))
			} else {
				_, err = db.SQL().ExecContext(t.Context(), statement)
			}
			if _, ok := errors.AsType[*database.StatementUnknownError](err); !ok {
				t.Fatalf("got %v, want a StatementUnknownError", err)
			}
			if n := count(t, db, "true") - before; n != 1 || p.count() != 1 {
				t.Fatalf("%d rows from %d sendings, want 1 and 1", n, p.count())
			}
		})
	}
}

func TestNothingOutlivesItsContextOnASilentNetwork(t *testing.T) {
	for name, tc := range map[string]struct {
		text string
		run  func(ctx context.Context, db *entDB) error
	}{
		"query": {"SELECT 42", func(ctx context.Context, db *entDB) error {
			return db.SQL().QueryRowContext(ctx, "SELECT 42").Scan(new(int))
		}},
		"begin": {"BEGIN", func(ctx context.Context, db *entDB) error {
			return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
				_, err := tx.ExecContext(ctx, "LOCK TABLE tokens") // BEGIN goes first, by itself
				return err
			})
		}},
		"in a transaction": {"INSERT", func(ctx context.Context, db *entDB) error {
			return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "a") })
		}},
		"health": {"server_version", func(ctx context.Context, db *entDB) error {
			_, err := db.Health(ctx)
			return err
		}},
	} {
		t.Run(name, func(t *testing.T) {
			cfg, p := throughProxy(t, config(t))
			db := withTokens(t, cfg)
			p.on(tc.text, silence)
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			start := time.Now()
			err := tc.run(ctx, db)
			if over := time.Since(start) - 200*time.Millisecond; over > 250*time.Millisecond {
				t.Errorf("outlived its context by %v", over)
			}
			if !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("got %v, want the context's error", err)
			}
		})
	}
}

func TestReadOnlyAndTimeoutsHoldForTheTransactionOnly(t *testing.T) {
	db := withTokens(t, config(t))
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "a") }, database.ReadOnly())
	if database.SQLState(err) != "25006" {
		t.Fatalf("got %v, want read_only_sql_transaction", err)
	}
	err = db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		_, err := tx.ExecContext(ctx, "SELECT pg_sleep(10)")
		return err
	}, database.StatementTimeout(50*time.Millisecond))
	if database.SQLState(err) != "57014" {
		t.Fatalf("got %v, want query_canceled", err)
	}
	var setting string
	if err := db.SQL().QueryRowContext(t.Context(), "SHOW statement_timeout").Scan(&setting); err != nil || setting != "0" {
		t.Fatalf("statement_timeout leaked: %q, %v", setting, err)
	}
}

func TestContradictoryOptionsAreRefused(t *testing.T) {
	db := withTokens(t, config(t))
	for name, opts := range map[string][]database.TxOption{
		"deferrable alone":  {database.Deferrable()},
		"negative retries":  {database.MaxRetries(-1)},
		"zero timeout":      {database.StatementTimeout(0)},
		"zero lock timeout": {database.LockTimeout(0)},
		"nil observer":      {database.OnAttempt(nil)},
		"unknown isolation": {database.Isolation(sql.LevelLinearizable)},
	} {
		t.Run(name, func(t *testing.T) {
			err := db.WithTx(t.Context(), func(context.Context, *ent.Tx) error {
				t.Error("fn ran")
				return nil
			}, opts...)
			if !errors.Is(err, database.ErrDatabase) {
				t.Fatalf("got %v", err)
			}
		})
	}
}

func TestCancelledContextRollsBackAtOnce(t *testing.T) {
	db := withTokens(t, config(t))
	ctx, cancel := context.WithCancel(t.Context())
	err := db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		if err := insert(ctx, tx, "a"); err != nil {
			return err
		}
		cancel()
		return nil
	})
	if !errors.Is(err, context.Canceled) || strings.Contains(err.Error(), "unknown") {
		t.Fatalf("got %v, want the context's error: COMMIT was not sent", err)
	}
	if n := count(t, db, "true"); n != 0 {
		t.Fatalf("%d rows, want 0", n)
	}
}
