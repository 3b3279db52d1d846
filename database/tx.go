package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"entgo.io/ent/dialect"

	"github.com/plinth-db/plinth/database/pgconn"
)

// WithTx runs fn in a transaction: it commits when fn returns nil, and rolls back when fn returns an error, panics or
// calls runtime.Goexit. The context that fn gets carries the transaction; tx is its client.
//
// A transaction that is known to be rolled back is run again, fn included, after a lost connection, a serialization
// failure, a deadlock or a pool timeout, up to MaxRetries times and only within ctx's deadline; fn must therefore
// have no effects outside the transaction that may not happen twice (see [OnCommit]); a statement on db.Client() is one.
//
// fn's error comes back as it was, unless retries ended in a *[RetryError]. A lost answer to COMMIT is a
// *[CommitUnknownError] and is never retried. With every other error the transaction did not happen.
//
// A WithTx inside fn, called with fn's context, is a savepoint of the same transaction: its error undoes what it did
// and leaves the outer fn to go on, except for failures that end the whole transaction. The transaction belongs to one
// goroutine at a time.
func (db *DB[C, T]) WithTx(ctx context.Context, fn func(ctx context.Context, tx T) error, opts ...TxOption) error {
	if running, ok := ctx.Value(txKey{db.Pool}).(*transaction); ok {
		return nested(ctx, running, fn, opts)
	}
	o, err := applyTxOptions(db.cfg.MaxRetries, opts)
	if err != nil {
		return err
	}
	r := retrier{label: o.label, maxRetries: o.maxRetries, retryDelay: db.cfg.RetryDelay, start: time.Now()}
	for number := 1; ; number++ {
		if number > 1 {
			db.retries.Add(1)
		}
		attempt := Attempt{Label: o.label, Number: number, Outcome: RolledBack}
		began := time.Now()
		t := &transaction{label: o.label, settings: o.settings}
		err := runOnce(ctx, db, t, &o.sql, fn)
		attempt.Err, attempt.Elapsed = err, time.Since(began)
		if t.unknown != nil {
			attempt.Outcome, t.unknown.Attempt = Unknown, number
		} else if err == nil {
			attempt.Outcome = Committed
		}
		if attempt.Outcome != RolledBack {
			db.report(ctx, o, attempt)
			for _, hook := range t.onCommit {
				if err == nil {
					hook(ctx)
				}
			}
			return err
		}
		reported := false
		failed := r.next(ctx, t.retryClass(ctx, err), err, func(wait time.Duration) {
			attempt.Wait, reported = wait, true
			db.report(ctx, o, attempt)
		})
		if failed != nil {
			if !reported {
				db.report(ctx, o, attempt)
			}
			return failed
		}
	}
}

// InTx is WithTx for a function with a result. The result is the zero value unless the transaction committed.
func InTx[R any, C Client[T], T Tx](ctx context.Context, db *DB[C, T], fn func(context.Context, T) (R, error), opts ...TxOption) (R, error) {
	var result, zero R
	err := db.WithTx(ctx, func(ctx context.Context, tx T) error {
		var err error
		result, err = fn(ctx, tx)
		return err
	}, opts...)
	if err != nil {
		return zero, err
	}
	return result, nil
}

// OnCommit registers f to run once after the transaction of ctx has committed, in the goroutine of WithTx, before it
// returns; f gets the context that WithTx was called with. What an attempt registered that was rolled back, or a nested
// WithTx that failed, does not run. Outside a transaction, or after its end, f runs at once. With an unknown outcome it
// does not run. A panic in f goes through WithTx although the transaction has committed, and later functions do not run.
func OnCommit(ctx context.Context, f func(context.Context)) {
	t, ok := ctx.Value(innermostKey{}).(*transaction)
	if !ok || t.done {
		f(ctx)
		return
	}
	t.onCommit = append(t.onCommit, f)
}

type (
	txKey        struct{ pool *Pool } // -> *transaction that fn's context carries
	innermostKey struct{}             // -> *transaction, whichever pool it is on
	beginKey     struct{}             // -> *transaction that the driver is to fill
)

// transaction is one attempt.
type transaction struct {
	label    string
	settings pgconn.TxSettings
	raw      dialect.Tx // for savepoints
	client   any        // the T that fn gets
	onCommit []func(context.Context)
	depth    int   // of nested savepoints
	doomed   error // what ended the transaction inside a nested WithTx, if anything did
	unknown  *CommitUnknownError
	done     bool
}

// runOnce makes one attempt and leaves nothing behind, whatever fn does.
func runOnce[C Client[T], T Tx](ctx context.Context, db *DB[C, T], t *transaction, opts *sql.TxOptions, fn func(context.Context, T) error) error {
	if err := db.open(); err != nil {
		return err
	}
	begin := pgconn.WithTxSettings(context.WithValue(ctx, beginKey{}, t), &t.settings)
	client, err := db.client.BeginTx(begin, opts)
	if err != nil {
		return &TxError{Op: "begin", Label: t.label, Err: err}
	}
	t.client = client
	finished := false
	defer func() {
		t.done = true
		if !finished { // fn failed, panicked, or called runtime.Goexit; a panic goes on after this
			_ = client.Rollback()
		}
	}()
	inside := context.WithValue(context.WithValue(ctx, txKey{db.Pool}, t), innermostKey{}, t)
	if err := fn(inside, client); err != nil {
		return err
	}
	if t.doomed != nil { // a nested WithTx's error that fn swallowed
		return &TxError{Op: "commit", Label: t.label, Err: t.doomed}
	}
	finished = true
	return t.commit(ctx, client)
}

func (t *transaction) commit(ctx context.Context, client Tx) error {
	err := client.Commit()
	switch {
	case err == nil:
		return nil
	case !t.settings.CommitSent, errors.Is(err, ErrCommitRolledBack), SQLState(err) != "" && !commitAmbiguous(err):
		if cause := ctx.Err(); cause != nil && errors.Is(err, sql.ErrTxDone) {
			err = cause // database/sql rolled back when the context ended, and says only that it is over
		}
		if errors.Is(err, ErrCommitRolledBack) && t.settings.LastError != nil {
			err = fmt.Errorf("%w: %w", err, t.settings.LastError)
		}
		return &TxError{Op: "commit", Label: t.label, Err: err}
	default:
		t.unknown = &CommitUnknownError{Label: t.label, Err: err}
		return t.unknown
	}
}

// commitAmbiguous reports whether an error in answer to COMMIT came through as a lost connection.
func commitAmbiguous(err error) bool { return is[*ConnectionError](err) }

// retryClass tells whether the attempt that failed with err can be made again.
func (t *transaction) retryClass(ctx context.Context, err error) class {
	if ctx.Err() != nil || errors.Is(err, ErrClosed) {
		return permanent
	}
	return classify(err)
}

func (p *Pool) report(ctx context.Context, o *txOptions, a Attempt) {
	if a.Err != nil && (a.Wait > 0 || a.Outcome == Unknown) {
		p.logger.WarnContext(ctx, "transaction attempt failed", "label", a.Label, "attempt", a.Number,
			"outcome", string(a.Outcome), "error", a.Err, "elapsed", a.Elapsed, "wait", a.Wait)
	}
	for _, f := range o.onAttempt {
		f(a)
	}
}

// nested runs fn in a savepoint of the running transaction.
func nested[T Tx](ctx context.Context, t *transaction, fn func(context.Context, T) error, opts []TxOption) error {
	o, err := applyTxOptions(0, opts)
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
			_ = t.exec(ctx, "ROLLBACK TO SAVEPOINT "+name)
		}
	}()
	if err := fn(ctx, t.client.(T)); err != nil {
		if classify(err) != permanent {
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
