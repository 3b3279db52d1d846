package database

import (
	"context"
	"database/sql"

	"entgo.io/ent/dialect"
)

// Tx is what this package needs of a generated transactional client (*ent.Tx).
type Tx interface {
	Commit() error
	Rollback() error
}

// Client is what this package needs of a generated client (*ent.Client).
type Client[T Tx] interface {
	BeginTx(context.Context, *sql.TxOptions) (T, error)
	Close() error
}

// DB is a pool with a generated client on it. It is safe for concurrent use.
type DB[C Client[T], T Tx] struct {
	*Pool
	client C
}

// Open connects, retrying as the configuration says, and makes the client. Its errors are [OpenPool]'s.
//
//	db, err := database.Open(ctx, cfg, func(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) })
//
// The caller closes the DB; that closes the client too.
func Open[C Client[T], T Tx](ctx context.Context, cfg Config, newClient func(dialect.Driver) C, opts ...Option) (*DB[C, T], error) {
	pool, err := OpenPool(ctx, cfg, opts...)
	if err != nil {
		return nil, err
	}
	return &DB[C, T]{Pool: pool, client: newClient(pool.Driver())}, nil
}

// Client returns the generated client on the pool, where each statement stands by itself. A statement is sent once:
// when its answer is lost, the error is a *[ConnectionError] and the statement may have run. Inside WithTx use the
// transaction's client instead, or the statement is not part of the transaction.
func (db *DB[C, T]) Client() C { return db.client }
