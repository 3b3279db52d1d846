package database_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
)

// The ways in which a transaction or a statement could be run twice, be half undone, or be reported wrongly, that a review
// found (2026-11-24).

func TestTextThatWasNotPreparedIsNotRunAgain(t *testing.T) {
	db := withTokens(t, config(t))
	_, err := db.SQL().ExecContext(t.Context(), "INSERT INTO tokens VALUES (gen_random_uuid()::text); COMMIT; EXECUTE nosuch")
	if n := count(t, db, "true"); database.SQLState(err) != "26000" || n != 1 {
		t.Errorf("%v, %d rows, want 1", err, n)
	}
}

func TestStalePlanAfterCopyDoesNotDropItsRows(t *testing.T) {
	db := withTokens(t, single(t))
	const q = "UPDATE tokens SET n = n + $1 WHERE token = 'x' RETURNING *"
	for range 2 {
		rows, err := db.SQL().QueryContext(t.Context(), q, 1)
		if err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	exec(t, db, "ALTER TABLE tokens ADD m int")
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tx, err := db.SQL().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	s, err := tx.Prepare("COPY tokens (token) FROM STDIN")
	if err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if _, err := s.Exec(fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Exec(); err != nil {
		t.Fatal(err)
	}
	if rows, err := tx.QueryContext(t.Context(), q, 1); err == nil {
		rows.Close()
	}
	s.Close()
	want := 0
	if tx.Commit() == nil {
		want = 10
	}
	if n := count(t, db, "true"); n != want {
		t.Errorf("%d rows, want %d", n, want)
	}
}

func TestCommitHookOfEntThatFailsAfterTheCommit(t *testing.T) {
	db := withTokens(t, single(t))
	tries, hooks := 0, 0
	var outcome database.Outcome
	gone := &database.ConnectionError{Op: "query", Address: "elsewhere", Err: errors.New("gone")}
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		tries++
		database.OnCommit(ctx, func(context.Context) { hooks++ })
		tx.OnCommit(func(next ent.Committer) ent.Committer {
			return ent.CommitFunc(func(ctx context.Context, tx *ent.Tx) error { return errors.Join(next.Commit(ctx, tx), gone) })
		})
		return insert(ctx, tx, "a")
	}, database.OnAttempt(func(a database.Attempt) { outcome = a.Outcome }))
	if _, ok := errors.AsType[*database.CommittedError](err); !ok || tries != 1 || hooks != 1 || outcome != database.Committed || count(t, db, "true") != 1 {
		t.Errorf("%v, %d tries, %d hooks, %s", err, tries, hooks, outcome)
	}
}

func TestCommitHookOfEntThatDoesNotCommit(t *testing.T) {
	db := withTokens(t, single(t))
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		tx.OnCommit(func(ent.Committer) ent.Committer {
			return ent.CommitFunc(func(context.Context, *ent.Tx) error { return nil })
		})
		return insert(ctx, tx, "a")
	})
	if s := db.Stats(); err == nil || s.InUse != 0 || count(t, db, "true") != 0 {
		t.Errorf("%v, %d connections in use", err, s.InUse)
	}
}

func TestNestedFailureWithOpenRowsIsNotCommitted(t *testing.T) {
	db := withTokens(t, single(t))
	err := db.WithTx(t.Context(), func(ctx context.Context, _ *ent.Tx) error {
		_ = db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			if err := insert(ctx, tx, "nested"); err != nil {
				return err
			}
			if _, err := tx.QueryContext(ctx, "SELECT generate_series(1, 3)"); err != nil {
				return err
			}
			return errors.New("mine, with the rows open")
		})
		return nil
	})
	if n := count(t, db, "true"); err == nil || n != 0 {
		t.Errorf("%v, %d rows", err, n)
	}
}

func TestSwallowedErrorOfAKnownFirstStatementIsNotASuccess(t *testing.T) {
	db := open(t, single(t))
	exec(t, db, "CREATE TABLE small (n smallint)")
	var errs []error
	for _, value := range []int{1, 100_000} {
		errs = append(errs, db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			_, _ = tx.ExecContext(ctx, "INSERT INTO small VALUES ($1)", value)
			_, _ = tx.ExecContext(ctx, "INSERT INTO small VALUES (7)")
			return nil
		}))
	}
	if errs[0] != nil || !errors.Is(errs[1], database.ErrCommitRolledBack) {
		t.Errorf("got %v, want nil and ErrCommitRolledBack", errs)
	}
}

// TestTransactionControlHiddenInATextIsNeverRetried: it may have committed what came before it.
func TestTransactionControlHiddenInATextIsNeverRetried(t *testing.T) {
	for name, run := range map[string]func(ctx context.Context, tx *ent.Tx, p *proxy) error{
		"the answer lost": func(ctx context.Context, tx *ent.Tx, p *proxy) error {
			p.on("hidden", cut)
			_, err := tx.ExecContext(ctx, "INSERT INTO tokens VALUES (gen_random_uuid()::text); COMMIT; SELECT 'hidden'")
			return err
		},
		"another transaction": func(ctx context.Context, tx *ent.Tx, p *proxy) error {
			if _, err := tx.ExecContext(ctx, "SELECT 1; ROLLBACK AND CHAIN"); err != nil {
				return err
			}
			p.on("COMMIT", cut)
			_, err := tx.ExecContext(ctx, "INSERT INTO tokens VALUES (gen_random_uuid()::text)")
			return err
		},
	} {
		cfg, p := throughProxy(t, config(t))
		cfg.CommitTimeout = time.Second
		db := withTokens(t, cfg)
		tries := 0
		err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
			tries++
			return run(ctx, tx, p)
		})
		if n := count(t, db, "true"); err == nil || tries != 1 || n > 1 {
			t.Errorf("%s: %v after %d tries, %d rows", name, err, tries, n)
		}
	}
}

func TestContextOfTheTransactionHoldsForStatementsUnderAnother(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	db := withTokens(t, cfg)
	p.on("INSERT", silence)
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	start := time.Now()
	err := db.WithTx(ctx, func(_ context.Context, tx *ent.Tx) error { return insert(context.Background(), tx, "a") })
	if over := time.Since(start) - 300*time.Millisecond; err == nil || over > 250*time.Millisecond {
		t.Errorf("%v, outlived its context by %v", err, over)
	}
}

func TestTransactionBegunByHandOnAnotherDriverEndsWithItsConnection(t *testing.T) {
	cfg := single(t)
	other, err := pq.NewConnector(cfg.URL)
	if err != nil {
		t.Fatal(err)
	}
	db := withTokens(t, cfg, database.WithConnector(other))
	exec(t, db, "BEGIN")
	exec(t, db, "INSERT INTO tokens VALUES ('acknowledged')")
	if n := count(t, open(t, cfg), "true"); n != 1 {
		t.Errorf("%d rows, want 1", n)
	}
}
