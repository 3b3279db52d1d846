package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

// TxOption changes one transaction. Apart from Label, none may be given to a nested WithTx, which lives in the
// transaction of the outer one; that is refused with an error.
type TxOption func(*txOptions) error

type txOptions struct {
	sql       sql.TxOptions
	settings  pgconn.TxSettings // what the attempts start with; each has a copy
	policies  policies          // of no effect in a nested transaction
	retryOn   []string
	label     string
	onAttempt []func(Attempt)
	outerOnly []string // names of the options given that a nested transaction cannot have
}

func applyTxOptions(p policies, opts []TxOption) (*txOptions, error) {
	o := &txOptions{policies: p}
	var faults []error
	for _, opt := range opts {
		if err := opt(o); err != nil {
			faults = append(faults, err)
		}
	}
	if o.settings.Deferrable && (!o.sql.ReadOnly || o.sql.Isolation != sql.LevelSerializable) {
		faults = append(faults, errors.New("Deferrable has an effect only with Isolation(sql.LevelSerializable) and ReadOnly()"))
	}
	if faults != nil {
		return nil, &TxError{Op: "options", Label: o.label, Err: errors.Join(faults...)}
	}
	return o, nil
}

func outer(name string, set func(*txOptions) error) TxOption {
	return func(o *txOptions) error {
		o.outerOnly = append(o.outerOnly, name)
		return set(o)
	}
}

// Isolation sets the isolation level. PostgreSQL has read committed (the default), repeatable read and serializable.
func Isolation(level sql.IsolationLevel) TxOption {
	return outer("Isolation", func(o *txOptions) error {
		o.sql.Isolation = level
		return nil
	})
}

// ReadOnly makes the server refuse writes.
func ReadOnly() TxOption {
	return outer("ReadOnly", func(o *txOptions) error {
		o.sql.ReadOnly = true
		return nil
	})
}

// Deferrable makes a serializable read-only transaction wait until it can run without being cancelled for a
// conflict. It is refused without Isolation(sql.LevelSerializable) and ReadOnly().
func Deferrable() TxOption {
	return outer("Deferrable", func(o *txOptions) error {
		o.settings.Deferrable = true
		return nil
	})
}

// MaxRetries sets how often the transaction is tried again after the first time; 0 means never, apart from a retry
// because of a stale plan. It replaces Config.MaxRetries.
func MaxRetries(n int) TxOption {
	return outer("MaxRetries", func(o *txOptions) error {
		if n < 0 {
			return fmt.Errorf("MaxRetries(%d): must not be negative, 0 means no retries", n)
		}
		for _, class := range []Class{ConnectionFailure, Conflict} {
			if !o.policies[class].own {
				o.policies[class].maxRetries = n
			}
		}
		return nil
	})
}

// Retry gives one class of failures a policy of its own, counted apart from the others: at most maxRetries retries, the
// first after firstDelay, each wait twice the one before up to thirty seconds. It beats MaxRetries. Neither may be
// negative, and Permanent has no retries.
func Retry(class Class, maxRetries int, firstDelay time.Duration) TxOption {
	return outer("Retry", func(o *txOptions) error {
		if class <= Permanent || class > StalePlan || maxRetries < 0 || firstDelay < 0 {
			return fmt.Errorf("Retry(%d, %d, %v): the class must be ConnectionFailure, Conflict or StalePlan, and the numbers not negative", class, maxRetries, firstDelay)
		}
		o.policies[class] = policy{maxRetries: maxRetries, first: firstDelay, limit: maxRetryDelay, own: true}
		return nil
	})
}

// RetryOn retries failures with these SQLSTATEs, too, like conflicts; for example 55P03 (lock_not_available) or, where fn
// chooses a key that another transaction may have taken, 23505 (unique_violation).
func RetryOn(sqlstates ...string) TxOption {
	return outer("RetryOn", func(o *txOptions) error {
		for _, state := range sqlstates {
			if len(state) != 5 {
				return fmt.Errorf("RetryOn(%q): an SQLSTATE has five characters", state)
			}
		}
		o.retryOn = append(o.retryOn, sqlstates...)
		return nil
	})
}

// Role runs the transaction as another role (SET LOCAL ROLE).
func Role(name string) TxOption {
	return outer("Role", func(o *txOptions) error {
		if name == "" || strings.ContainsRune(name, 0) {
			return fmt.Errorf("Role(%q): not a name", name)
		}
		o.settings.Role = name
		return nil
	})
}

// SetLocal gives a server setting, such as app.tenant for row-level security, a value until the end of the transaction. It
// travels with BEGIN; name and value are parameters, so nothing in them is taken for SQL.
func SetLocal(name, value string) TxOption {
	return outer("SetLocal", func(o *txOptions) error {
		if name == "" || strings.ContainsRune(name+value, 0) {
			return fmt.Errorf("SetLocal(%q): a name must not be empty, and neither may hold a NUL byte", name)
		}
		o.settings.Variables = append(slices.Clip(o.settings.Variables), pgconn.Variable{Name: name, Value: value})
		return nil
	})
}

// VerifyCommit is asked whether the transaction has happened when the answer to its COMMIT was lost and the server cannot tell,
// as after a crash or on a server without pg_xact_status. It typically looks for a row that the transaction writes, on
// a connection of its own: db.Client(). Its context ends with Config.CommitTimeout; with an error the outcome is unknown.
func VerifyCommit(f func(ctx context.Context) (committed bool, err error)) TxOption {
	return outer("VerifyCommit", func(o *txOptions) error {
		if f == nil {
			return errors.New("VerifyCommit: the function is nil")
		}
		o.settings.Decide = f
		return nil
	})
}

// StatementTimeout bounds every statement of the transaction on the server. It must be positive.
func StatementTimeout(d time.Duration) TxOption {
	return outer("StatementTimeout", func(o *txOptions) error {
		if d <= 0 {
			return fmt.Errorf("StatementTimeout(%v): must be positive", d)
		}
		o.settings.StatementTimeout = d
		return nil
	})
}

// LockTimeout bounds every wait for a lock in the transaction on the server. It must be positive.
func LockTimeout(d time.Duration) TxOption {
	return outer("LockTimeout", func(o *txOptions) error {
		if d <= 0 {
			return fmt.Errorf("LockTimeout(%v): must be positive", d)
		}
		o.settings.LockTimeout = d
		return nil
	})
}

// Label names the transaction in errors, logs and attempts.
func Label(s string) TxOption {
	return func(o *txOptions) error {
		o.label = s
		return nil
	}
}

// OnAttempt is called after every attempt, in the goroutine of WithTx. It must not use the transaction.
func OnAttempt(f func(Attempt)) TxOption {
	return outer("OnAttempt", func(o *txOptions) error {
		if f == nil {
			return errors.New("OnAttempt: the function is nil")
		}
		o.onAttempt = append(o.onAttempt, f)
		return nil
	})
}

// Outcome is how an attempt of a transaction ended.
type Outcome string

// The outcomes.
const (
	Committed  Outcome = "committed"
	RolledBack Outcome = "rolled back" // or never begun
	Unknown    Outcome = "unknown"     // COMMIT was sent, its answer lost, and what happened could not be found out
)

// Attempt tells of one attempt of a transaction.
type Attempt struct {
	Label   string
	Number  int // 1 for the first
	Outcome Outcome
	Err     error         // nil if committed
	Elapsed time.Duration // of this attempt
	Class   Class         // why it can be made again; Permanent also if it committed
	Settled bool          // the answer to COMMIT was lost, and the outcome found out
	Last    bool          // no other attempt follows
	Wait    time.Duration // at most, before the next attempt
}
