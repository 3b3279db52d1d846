package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"
)

// BeginTx implements [driver.ConnBeginTx]. It takes a round trip for BEGIN, one for the transaction's id, and one for each
// setting.
func (c *WrappedConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	b, ok := c.inner.(driver.ConnBeginTx)
	if !ok {
		return nil, errors.New("begin: the driver has no BeginTx")
	}
	inner, err := b.BeginTx(ctx, opts)
	if err != nil {
		return nil, c.fail(ctx, "begin", textFacts{reads: true}, err)
	}
	t := &wrappedTx{conn: c, inner: inner, ctx: ctx, settings: settingsIn(ctx), readOnly: opts.ReadOnly}
	t.settings.taken = true
	c.tx = t
	if err := t.begin(ctx); err != nil {
		_ = t.Rollback()
		return nil, err
	}
	return t, nil
}

// Begin completes [driver.Conn]; database/sql calls BeginTx.
func (c *WrappedConn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

type wrappedTx struct {
	conn     *WrappedConn
	inner    driver.Tx
	ctx      context.Context
	settings *TxSettings
	readOnly bool
	ref      commitRef
}

func (t *wrappedTx) begin(ctx context.Context) error {
	if t.settings.Deferrable {
		if err := t.run(ctx, "SET TRANSACTION DEFERRABLE"); err != nil {
			return err
		}
	}
	if !t.readOnly && t.conn.server.tellsID() {
		row, err := t.conn.ask(ctx, t.conn.server.identify)
		if err != nil {
			return err
		}
		t.ref = newCommitRef(row, t.conn.server)
	}
	for _, v := range t.settings.variables() {
		if err := t.run(ctx, setLocal, driver.NamedValue{Ordinal: 1, Value: v.Name}, driver.NamedValue{Ordinal: 2, Value: v.Value}); err != nil {
			return err
		}
	}
	return nil
}

func (t *wrappedTx) run(ctx context.Context, query string, args ...driver.NamedValue) error {
	s, err := t.conn.PrepareContext(ctx, query)
	if err != nil {
		return err
	}
	defer s.Close()
	_, err = s.(*wrappedStmt).ExecContext(ctx, args)
	return err
}

// Commit implements [driver.Tx]; see the Commit of [Conn]'s transactions. How long it waits for the answer is the other
// driver's affair.
func (t *wrappedTx) Commit() error {
	c := t.conn
	defer func() { c.tx = nil }()
	if !c.IsValid() {
		return &ConnectionError{Op: "transaction", Address: c.owner.address, Err: errCutOff}
	}
	start := time.Now()
	t.settings.CommitSent = true
	err := t.inner.Commit()
	switch state := SQLState(err); {
	case err == nil:
		return nil
	case state != "" && !c.isLost(err) && state != "40003":
		return err
	}
	err = c.owner.settler.settle(t.ctx, start, t.ref, t.readOnly, t.settings, c.lost("commit", err))
	if t.settings.Settled && err != nil && t.settings.LastError != nil {
		return ErrCommitRolledBack // which other drivers report as an error of their own
	}
	return err
}

// Rollback implements [driver.Tx].
func (t *wrappedTx) Rollback() error {
	c := t.conn
	defer func() { c.tx = nil }()
	if err := t.inner.Rollback(); err != nil {
		return c.lost("rollback", err)
	}
	return nil
}
