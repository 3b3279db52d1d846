package database

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// nested runs fn in a savepoint of the running transaction.
func nested[T Tx](ctx context.Context, t *transaction, fn func(context.Context, T) error, opts []TxOption) error {
	o, err := applyTxOptions(policies{}, opts)
	if err != nil {
		return err
	}
	if len(o.outerOnly) > 0 {
		return &TxError{Op: "savepoint", Label: o.label, Err: fmt.Errorf("%v: not possible in a nested WithTx; give it to the outermost", o.outerOnly)}
	}
	if t.done {
		return &TxError{Op: "savepoint", Label: o.label, Err: errors.New("the context belongs to a transaction that has ended")}
	}
	if err := ctx.Err(); err != nil { // nothing was sent, so the outer transaction can go on
		return &TxError{Op: "savepoint", Label: o.label, Err: err}
	}
	t.depth++
	defer func() { t.depth-- }()
	name := fmt.Sprintf("plinth_%d", t.depth)
	if err := t.exec(ctx, "SAVEPOINT "+name); err != nil {
		return t.doom(&TxError{Op: "savepoint", Label: o.label, Err: err})
	}
	hooks := len(t.onCommit)
	released := false
	defer func() {
		if !released {
			t.onCommit = t.onCommit[:hooks]
			if ctx.Err() != nil {
				// On a context of its own, or the outer fn would be left in a failed transaction.
				var cancel context.CancelFunc
				ctx, cancel = context.WithTimeout(context.WithoutCancel(ctx), savepointTimeout)
				defer cancel()
			}
			if err := t.exec(ctx, "ROLLBACK TO SAVEPOINT "+name); err != nil {
				_ = t.doom(&TxError{Op: "rollback to savepoint", Label: o.label, Err: err})
			}
		}
	}()
	if err := fn(ctx, t.client.(T)); err != nil {
		if classify(err) != Permanent {
			_ = t.doom(err)
		}
		return err
	}
	if t.doomed != nil {
		return t.doomed
	}
	if err := t.exec(ctx, "RELEASE SAVEPOINT "+name); err != nil {
		return &TxError{Op: "release savepoint", Label: o.label, Err: err}
	}
	released = true
	return nil
}

// savepointTimeout bounds ROLLBACK TO SAVEPOINT after the context has ended; nothing is to outlive it by 250 ms.
const savepointTimeout = 100 * time.Millisecond

// doom remembers that the whole transaction has to be given up: a serialization failure cannot be mended by a
// savepoint, which keeps the snapshot, nor can a lost connection.
func (t *transaction) doom(err error) error {
	if t.doomed == nil {
		t.doomed = err
	}
	return err
}

func (t *transaction) exec(ctx context.Context, statement string) error {
	return t.raw.Exec(ctx, statement, []any{}, nil)
}
