package database_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
)

func TestNestedFailureUndoesOnlyItsOwnWork(t *testing.T) {
	db := withTokens(t, config(t))
	var ran []string
	hook := func(name string) func(context.Context) {
		return func(context.Context) { ran = append(ran, name) }
	}
	err := db.WithTx(t.Context(), func(ctx context.Context, tx *ent.Tx) error {
		if err := insert(ctx, tx, "outer"); err != nil {
			return err
		}
		database.OnCommit(ctx, hook("outer"))
		inner := db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			database.OnCommit(ctx, hook("failed"))
			_ = insert(ctx, tx, "inner")
			return insert(ctx, tx, "outer") // a duplicate
		})
		if !database.IsUniqueViolation(inner) {
			t.Errorf("inner: %v", inner)
		}
		return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			database.OnCommit(ctx, hook("second"))
			return insert(ctx, tx, "second")
		}, database.Label("second"))
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := count(t, db, "token IN ('outer', 'second')"); n != 2 || count(t, db, "true") != 2 {
		t.Fatal("want exactly the rows outer and second")
	}
	if !slices.Equal(ran, []string{"outer", "second"}) {
		t.Fatalf("hooks that ran: %v", ran)
	}
}

func TestNestedPanicReachesTheOutside(t *testing.T) {
	db := withTokens(t, config(t))
	func() {
		defer func() {
			if recover() != "boom" {
				t.Error("the panic was lost")
			}
		}()
		_ = db.WithTx(t.Context(), func(ctx context.Context, _ *ent.Tx) error {
			return db.WithTx(ctx, func(context.Context, *ent.Tx) error { panic("boom") })
		})
	}()
	if s := db.Stats(); s.InUse != 0 {
		t.Fatalf("%d in use", s.InUse)
	}
}

func TestLostConnectionInsideIsRetriedByTheOutermostEvenIfSwallowed(t *testing.T) {
	db := withTokens(t, config(t))
	tries := 0
	err := db.WithTx(t.Context(), func(ctx context.Context, _ *ent.Tx) error {
		tries++
		_ = db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
			if tries == 1 {
				killSelf(ctx, tx)
			}
			return insert(ctx, tx, "a")
		})
		return nil
	})
	if err != nil || tries != 2 || count(t, db, "true") != 1 {
		t.Fatalf("%v after %d tries", err, tries)
	}
}

func TestNestedRefusesWhatOnlyTheOutermostCanHave(t *testing.T) {
	db := withTokens(t, config(t))
	err := db.WithTx(t.Context(), func(ctx context.Context, _ *ent.Tx) error {
		return db.WithTx(ctx, func(context.Context, *ent.Tx) error { return nil }, database.ReadOnly())
	})
	if !errors.Is(err, database.ErrDatabase) {
		t.Fatalf("got %v", err)
	}
}

func TestContextOfAnEndedTransactionIsRefused(t *testing.T) {
	db := withTokens(t, config(t))
	var leaked context.Context
	if err := db.WithTx(t.Context(), func(ctx context.Context, _ *ent.Tx) error {
		leaked = ctx
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if err := db.WithTx(leaked, func(context.Context, *ent.Tx) error { return nil }); !errors.Is(err, database.ErrDatabase) {
		t.Fatalf("got %v, want a refusal", err)
	}
}

func TestOnCommitOutsideATransactionRunsAtOnce(t *testing.T) {
	ran := false
	database.OnCommit(t.Context(), func(context.Context) { ran = true })
	if !ran {
		t.Fatal("did not run")
	}
}

func TestOnCommitHookCanUseTheDatabase(t *testing.T) {
	db := withTokens(t, config(t))
	var hookErr error
	err := db.WithTx(t.Context(), func(ctx context.Context, _ *ent.Tx) error {
		database.OnCommit(ctx, func(ctx context.Context) {
			hookErr = db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error { return insert(ctx, tx, "hook") })
		})
		return nil
	})
	if err != nil || hookErr != nil || count(t, db, "token = 'hook'") != 1 {
		t.Fatal(err, hookErr)
	}
}
