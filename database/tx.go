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
// fn must not end the transaction: tx.Commit, tx.Rollback and the statements of these names are refused.
//
// fn's error comes back as it was, unless retries ended in a *[RetryError]. A lost answer to COMMIT is a
// *[CommitUnknownError] and is never retried. With every other error the transaction did not happen.
//
// A WithTx inside fn, called with fn's context, is a savepoint of the same transaction: its error undoes what it did
// and leaves the outer fn to go on, except for failures that end the whole transaction. Called with another context it is a
// transaction of its own. The transaction belongs to one goroutine at a time.
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
		t := &transaction{label: o.label, settings: o.settings}
		attempt := db.attempt(ctx, t, number, &o.sql, fn)
		failed := attempt.Err
		if attempt.Outcome == RolledBack {
			attempt.Wait, failed = r.decide(ctx, t.retryClass(ctx, attempt.Err), attempt.Err)
		}
		db.report(ctx, o, attempt)
		if attempt.Outcome == Committed {
			for _, hook := range t.onCommit {
				hook(ctx)
			}
			return nil
		}
		if failed != nil {
			return failed
		}
		if reason := sleep(ctx, attempt.Wait); reason != nil {
			return r.stopped(reason)
		}
		db.retries.Add(1)
	}
}

// attempt runs the transaction once and tells how it ended.
func (db *DB[C, T]) attempt(ctx context.Context, t *transaction, number int, opts *sql.TxOptions, fn func(context.Context, T) error) Attempt {
	began := time.Now()
	err := runOnce(ctx, db, t, opts, fn)
	a := Attempt{Label: t.label, Number: number, Outcome: RolledBack, Err: err, Elapsed: time.Since(began)}
	switch {
	case t.unknown != nil:
		a.Outcome, t.unknown.Attempt = Unknown, number
	case err == nil:
		a.Outcome = Committed
	}
	return a
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
	ending   bool // fn has returned: WithTx may commit or roll back
	done     bool
}

var errEndsByItself = errors.New("WithTx commits when fn returns nil and rolls back when it returns an error; fn must do neither")

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
		t.done, t.ending = true, true
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
	finished, t.ending = true, true
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
