package database

import (
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

// TxOption changes one transaction. Apart from Label, none may be given to a nested WithTx, which lives in the
// transaction of the outer one; that is refused with an error.
type TxOption func(*txOptions) error

type txOptions struct {
	sql        sql.TxOptions
	settings   pgconn.TxSettings // what the attempts start with; each has a copy
	maxRetries int
	label      string
	onAttempt  []func(Attempt)
	outerOnly  []string // names of the options given that a nested transaction cannot have
}

func applyTxOptions(maxRetries int, opts []TxOption) (*txOptions, error) {
	o := &txOptions{maxRetries: maxRetries}
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

// MaxRetries sets how often the transaction is tried again after the first time; 0 means never. It replaces
// Config.MaxRetries.
func MaxRetries(n int) TxOption {
	return outer("MaxRetries", func(o *txOptions) error {
		if n < 0 {
			return fmt.Errorf("MaxRetries(%d): must not be negative, 0 means no retries", n)
		}
		o.maxRetries = n
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
	Unknown    Outcome = "unknown"     // COMMIT was sent, its answer lost
)

// Attempt tells of one attempt of a transaction.
type Attempt struct {
	Label   string
	Number  int // 1 for the first
	Outcome Outcome
	Err     error         // nil if committed
	Elapsed time.Duration // of this attempt
	Wait    time.Duration // before the next attempt; 0 if there is none
}
