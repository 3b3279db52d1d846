package database

import (
	"errors"
	"fmt"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

// ErrDatabase is matched, with errors.Is, by every error that this package makes.
var ErrDatabase = pgconn.ErrDatabase

// ConnectionError says that no connection could be made, or that one was lost; it names host and port.
type ConnectionError = pgconn.ConnectionError

// ErrClosed is returned by every use of a pool after Close.
var ErrClosed error = &closedError{}

type closedError struct{}

func (*closedError) Error() string        { return "database: the pool is closed" }
func (*closedError) Is(target error) bool { return target == ErrDatabase }

// ErrCommitRolledBack is found in the error of a transaction whose function returned nil although a statement in it
// had failed: the server answers its COMMIT with ROLLBACK.
var ErrCommitRolledBack = pgconn.ErrCommitRolledBack

// PoolTimeoutError says that no connection came free within the pool timeout. Nothing was sent.
type PoolTimeoutError struct {
	Timeout time.Duration // Config.PoolTimeout
	Waited  time.Duration
	Stats   Stats // the pool's figures at that moment
}

func (e *PoolTimeoutError) Error() string {
	return fmt.Sprintf("database: no connection came free within %v: %d of %d in use, %d callers waiting; "+
		"raise DB_POOL_SIZE or DB_MAX_OVERFLOW, or look for transactions that stay open",
		e.Timeout, e.Stats.InUse, e.Stats.MaxOpen, e.Stats.Waiting)
}

// Is reports a match with [ErrDatabase].
func (e *PoolTimeoutError) Is(target error) bool { return target == ErrDatabase }

// RetryError says that an operation was tried as often as allowed. It unwraps to the last attempt's error.
type RetryError struct {
	Label    string        // of the transaction; "connect" while opening
	Attempts []error       // every attempt's error, oldest first; never empty
	Elapsed  time.Duration // from the first attempt's start
	Stopped  error         // the context's error when it left no time for another attempt, else nil
}

func (e *RetryError) Error() string {
	label := e.Label
	if label != "" {
		label = " of " + label
	}
	stopped := ""
	if e.Stopped != nil {
		stopped = ", and the context leaves no time for another (" + e.Stopped.Error() + ")"
	}
	return fmt.Sprintf("database: %d attempt(s)%s failed within %v%s; the last: %v",
		len(e.Attempts), label, e.Elapsed.Round(time.Millisecond), stopped, e.Attempts[len(e.Attempts)-1])
}

// Unwrap returns the last attempt's error and, if the context ended the retries, the context's.
func (e *RetryError) Unwrap() []error {
	last := e.Attempts[len(e.Attempts)-1]
	if e.Stopped != nil {
		return []error{last, e.Stopped}
	}
	return []error{last}
}

// Is reports a match with [ErrDatabase].
func (e *RetryError) Is(target error) bool { return target == ErrDatabase }

// CommitUnknownError says that COMMIT was sent, its answer lost, and that the outcome could not be found out either.
type CommitUnknownError = pgconn.CommitUnknownError

// StatementUnknownError says that a single statement outside a transaction was sent and its answer lost.
type StatementUnknownError = pgconn.StatementUnknownError

// CommittedError says that the transaction has happened, and that a commit hook of the Ent client failed afterwards. It is not
// retried.
type CommittedError struct {
	Label string
	Err   error // the hook's
}

func (e *CommittedError) Error() string {
	return fmt.Sprintf("database: the transaction was committed, but a commit hook failed afterwards: %v", e.Err)
}

// Unwrap returns the hook's error.
func (e *CommittedError) Unwrap() error { return e.Err }

// Is reports a match with [ErrDatabase].
func (e *CommittedError) Is(target error) bool { return target == ErrDatabase }

// TxError is an error of the transaction itself, of its BEGIN, COMMIT or savepoints, rather than of a statement in it.
// The transaction did not happen.
type TxError struct {
	Op    string // "begin", "commit", "savepoint", ...
	Label string
	Err   error
}

func (e *TxError) Error() string {
	if e.Label != "" {
		return fmt.Sprintf("database: %s of %s: %v", e.Op, e.Label, e.Err)
	}
	return fmt.Sprintf("database: %s: %v", e.Op, e.Err)
}

// Unwrap returns the cause.
func (e *TxError) Unwrap() error { return e.Err }

// Is reports a match with [ErrDatabase].
func (e *TxError) Is(target error) bool { return target == ErrDatabase }

// ConfigError holds every fault of a configuration, one error for each.
type ConfigError struct{ Faults []error }

func (e *ConfigError) Error() string {
	return "database: configuration: " + errors.Join(e.Faults...).Error()
}

// Unwrap returns the faults.
func (e *ConfigError) Unwrap() []error { return e.Faults }

// Is reports a match with [ErrDatabase].
func (e *ConfigError) Is(target error) bool { return target == ErrDatabase }

// is reports whether err's chain holds an E.
func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}
