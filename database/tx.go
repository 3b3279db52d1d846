package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
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
// An error of a commit hook of the Ent client, after the commit, is a *[CommittedError].
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
	o, err := applyTxOptions(db.cfg.policies(), opts)
	if err != nil {
		return err
	}
	r := retrier{label: o.label, policies: o.policies, start: time.Now()}
	for number := 1; ; number++ {
		t := &transaction{label: o.label, settings: o.settings}
		t.settings.Label, t.settings.Attempt = o.label, number
		attempt := db.attempt(ctx, t, number, &o.sql, fn)
		failed := attempt.Err
		if attempt.Outcome == RolledBack {
			attempt.Class = t.class(ctx, o, attempt.Err)
			attempt.Wait, failed = r.decide(ctx, attempt.Class, attempt.Err)
			attempt.Last = failed != nil
		}
		db.report(ctx, o, attempt)
		if attempt.Outcome == Committed {
			for _, hook := range t.onCommit {
				hook(ctx)
			}
			return attempt.Err
		}
		if failed != nil {
			return failed
		}
		if reason := db.pause(ctx, attempt); reason != nil {
			return r.stopped(reason)
		}
	}
}

// attempt runs the transaction once and tells how it ended.
func (db *DB[C, T]) attempt(ctx context.Context, t *transaction, number int, opts *sql.TxOptions, fn func(context.Context, T) error) Attempt {
	began := time.Now()
	err := runOnce(ctx, db, t, opts, fn)
	a := Attempt{
		Label: t.label, Number: number, Outcome: RolledBack, Err: err, Elapsed: time.Since(began),
		Settled: t.settings.Settled, Last: true,
	}
	switch {
	case t.settings.Unknown != nil:
		a.Outcome = Unknown
	case err == nil, t.committed:
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
	ending   bool  // fn has returned: WithTx may commit or roll back
	done     bool

	committed bool // the server has said so, whatever a hook of Ent's says afterwards
}

var errEndsByItself = errors.New("WithTx commits when fn returns nil and rolls back when it returns an error; fn must do neither")

var errNotCommitted = errors.New("a commit hook of the Ent client returned without calling the next committer; the transaction was rolled back")

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
	case t.committed && err != nil:
		return &CommittedError{Label: t.label, Err: err}
	case t.committed:
		return nil
	case err == nil: // a hook of Ent's did not call the next one
		_ = t.raw.Rollback()
		return &TxError{Op: "commit", Label: t.label, Err: errNotCommitted}
	case t.settings.Unknown != nil:
		return t.settings.Unknown
	default:
		if cause := ctx.Err(); cause != nil && errors.Is(err, sql.ErrTxDone) {
			err = cause // database/sql rolled back when the context ended, and says only that it is over
		}
		if errors.Is(err, ErrCommitRolledBack) && t.settings.LastError != nil {
			err = fmt.Errorf("%w: %w", err, t.settings.LastError)
		}
		return &TxError{Op: "commit", Label: t.label, Err: err}
	}
}

// class tells whether the attempt that failed with err can be made again.
func (t *transaction) class(ctx context.Context, o *txOptions, err error) Class {
	switch {
	case ctx.Err() != nil, errors.Is(err, ErrClosed), is[*StatementUnknownError](err), is[*CommitUnknownError](err):
		return Permanent
	case t.settings.Stale:
		return StalePlan
	}
	if c := classify(err); c != Permanent {
		return c
	}
	if state := SQLState(err); state != "" && slices.Contains(o.retryOn, state) {
		return Conflict
	}
	return Permanent
}

// pause waits before the next attempt; after a lost connection no longer than until the server accepts connections.
func (p *Pool) pause(ctx context.Context, a Attempt) error {
	if a.Class == ConnectionFailure && !is[*PoolTimeoutError](a.Err) {
		return p.dialer.wait(ctx, a.Wait)
	}
	return sleep(ctx, a.Wait)
}

func (p *Pool) report(ctx context.Context, o *txOptions, a Attempt) {
	p.outcomes.count(a)
	if a.Err != nil && (!a.Last || a.Outcome == Unknown) || a.Settled {
		p.logger.WarnContext(ctx, "transaction attempt failed", "label", a.Label, "attempt", a.Number, "outcome", string(a.Outcome),
			"settled", a.Settled, "class", a.Class.String(), "error", a.Err, "elapsed", a.Elapsed, "wait", a.Wait)
	}
	for _, f := range o.onAttempt {
		f(a)
	}
}
