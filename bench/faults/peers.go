package main

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"

	"entgo.io/ent/dialect"
	"github.com/cockroachdb/cockroach-go/v2/crdb"
	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
)

// peer is a way to write, as its documentation or common practice has it.
type peer struct {
	name        string
	transaction bool // it begins one, rather than relying on the statement's own
	open        func(ctx context.Context, url string) (chaos.Subject, func(), error)
}

var peers = []peer{
	{"Plinth WithTx", true, plinth(withTx)},
	{"Plinth, single statement", false, plinth(single)},
	{"lib/pq, BeginTx and a retry loop", true, overSQL("postgres", retried)},
	{"lib/pq, single db.Exec", false, overSQL("postgres", autocommit)},
	{"pgx stdlib, BeginTx and a retry loop", true, overSQL("pgx", retried)},
	{"pgx stdlib, single db.Exec", false, overSQL("pgx", autocommit)},
	{"crdb.ExecuteTx on lib/pq", true, overSQL("postgres", cockroach)},
	{"crdb.ExecuteTx on pgx stdlib", true, overSQL("pgx", cockroach)},
}

// subject adapts a function.
type subject struct {
	insert  func(ctx context.Context, token string) error
	unknown func(err error) bool
}

// Insert implements [chaos.Subject].
func (s subject) Insert(ctx context.Context, token string) error { return s.insert(ctx, token) }

// Unknown implements [chaos.Subject].
func (s subject) Unknown(err error) bool { return s.unknown(err) }

func overSQL(driver string, insert func(context.Context, *sql.DB, string) error) func(context.Context, string) (chaos.Subject, func(), error) {
	return func(_ context.Context, url string) (chaos.Subject, func(), error) {
		db, err := openSQL(driver, url)
		if err != nil {
			return nil, nil, err
		}
		return subject{
			insert:  func(ctx context.Context, token string) error { return insert(ctx, db, token) },
			unknown: ambiguous,
		}, func() { _ = db.Close() }, nil
	}
}

// ambiguous: of these peers only cockroach-go has an error that says so.
func ambiguous(err error) bool {
	_, ok := errors.AsType[*crdb.AmbiguousCommitError](err)
	return ok
}

// tries is how often the usual loop tries.
const tries = 4

// retried is the loop that many programs have: again after a serialization failure, and after the error that database/sql itself
// takes for safe to retry.
func retried(ctx context.Context, db *sql.DB, token string) (err error) {
	for range tries {
		if err = once(ctx, db, token); err == nil {
			return nil
		}
		state, ok := errors.AsType[interface {
			error
			SQLState() string
		}](err)
		if !errors.Is(err, driver.ErrBadConn) && (!ok || state.SQLState() != "40001") {
			return err
		}
	}
	return err
}

func once(ctx context.Context, db *sql.DB, token string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a Commit it does nothing, and otherwise the first error counts
	if _, err := tx.ExecContext(ctx, chaos.Insert, token, 1); err != nil {
		return err
	}
	return tx.Commit()
}

func autocommit(ctx context.Context, db *sql.DB, token string) error {
	_, err := db.ExecContext(ctx, chaos.Insert, token, 1)
	return err
}

func cockroach(ctx context.Context, db *sql.DB, token string) error {
	return crdb.ExecuteTx(ctx, db, nil, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, chaos.Insert, token, 1)
		return err
	})
}

type entDB = database.DB[*ent.Client, *ent.Tx]

func plinth(insert func(context.Context, *entDB, string) error) func(context.Context, string) (chaos.Subject, func(), error) {
	return func(ctx context.Context, url string) (chaos.Subject, func(), error) {
		cfg := database.DefaultConfig()
		cfg.URL = url
		db, err := database.Open(ctx, cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
		if err != nil {
			return nil, nil, err
		}
		return subject{
			insert:  func(ctx context.Context, token string) error { return insert(ctx, db, token) },
			unknown: unknownOutcome,
		}, func() { _ = db.Close(context.WithoutCancel(ctx)) }, nil
	}
}

func withTx(ctx context.Context, db *entDB, token string) error {
	return db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		_, err := tx.ExecContext(ctx, chaos.Insert, token, 1)
		return err
	})
}

func single(ctx context.Context, db *entDB, token string) error {
	_, err := db.Client().ExecContext(ctx, chaos.Insert, token, 1)
	return err
}

func unknownOutcome(err error) bool {
	_, commit := errors.AsType[*database.CommitUnknownError](err)
	_, statement := errors.AsType[*database.StatementUnknownError](err)
	return commit || statement
}
