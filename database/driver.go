package database

import (
	"context"
	"database/sql"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"
)

// closeTimeout bounds the wait of a Close that has no context.
const closeTimeout = 10 * time.Second

// entDriver is Ent's own SQL driver on the pool. It hands the transaction of WithTx to its bookkeeping and answers
// with ErrClosed once the pool is closed.
type entDriver struct {
	*entsql.Driver
	pool *Pool
}

var _ dialect.Driver = (*entDriver)(nil)

// BeginTx is what Ent's generated Client.BeginTx calls.
func (d *entDriver) BeginTx(ctx context.Context, opts *sql.TxOptions) (dialect.Tx, error) {
	if err := d.pool.open(); err != nil {
		return nil, err
	}
	t, err := d.Driver.BeginTx(ctx, opts)
	if err != nil {
		return nil, err
	}
	if running, ok := ctx.Value(beginKey{}).(*transaction); ok && running.raw == nil {
		running.raw = t
		return &ownedTx{freeTx: freeTx{t.(*entsql.Tx)}, owner: running}, nil
	}
	return &freeTx{t.(*entsql.Tx)}, nil
}

// ownedTx is the transaction of a WithTx, which alone may end it: were fn's own COMMIT followed by a lost connection, the
// retry would do everything twice.
type ownedTx struct {
	freeTx
	owner *transaction
}

// Commit implements [dialect.Tx].
func (t *ownedTx) Commit() error {
	if !t.owner.ending {
		return &TxError{Op: "commit", Label: t.owner.label, Err: errEndsByItself}
	}
	err := t.Tx.Commit()
	t.owner.committed = err == nil
	return err
}

// Rollback implements [dialect.Tx].
func (t *ownedTx) Rollback() error {
	if !t.owner.ending {
		return &TxError{Op: "rollback", Label: t.owner.label, Err: errEndsByItself}
	}
	return t.Tx.Rollback()
}

// Tx implements [dialect.Driver].
func (d *entDriver) Tx(ctx context.Context) (dialect.Tx, error) { return d.BeginTx(ctx, nil) }

// Exec implements [dialect.Driver].
func (d *entDriver) Exec(ctx context.Context, query string, args, v any) error {
	if err := d.pool.open(); err != nil {
		return err
	}
	if err := d.pool.checkVariables(ctx); err != nil {
		return err
	}
	return d.Driver.Exec(ctx, query, args, v)
}

// Query implements [dialect.Driver].
func (d *entDriver) Query(ctx context.Context, query string, args, v any) error {
	if err := d.pool.open(); err != nil {
		return err
	}
	if err := d.pool.checkVariables(ctx); err != nil {
		return err
	}
	return d.Driver.Query(ctx, query, args, v)
}

// ExecContext serves the ExecContext method of a client generated with Ent's feature sql/execquery.
func (d *entDriver) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	if err := d.pool.open(); err != nil {
		return nil, err
	}
	return d.Driver.ExecContext(ctx, query, args...)
}

// QueryContext serves the QueryContext method of a client generated with Ent's feature sql/execquery.
func (d *entDriver) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := d.pool.open(); err != nil {
		return nil, err
	}
	return d.Driver.QueryContext(ctx, query, args...)
}

// Close closes the pool, as closing an Ent client does; it waits for borrowed connections for ten seconds.
func (d *entDriver) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	return d.pool.Close(ctx)
}

func (p *Pool) open() error {
	p.slots.mu.Lock()
	defer p.slots.mu.Unlock()
	if p.slots.closed {
		return ErrClosed
	}
	return nil
}
