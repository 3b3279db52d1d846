package database

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

// Config says where the database is and how the pool behaves. [DefaultConfig] has the defaults; [LoadConfig] fills
// one from the environment. However it is printed or encoded, its password does not show.
type Config struct {
	// URL is the connection string, as a URL or in libpq's key=value form; several hosts are allowed. Required.
	// What it says about connect_timeout and application_name wins over the fields below.
	URL string

	// PoolSize is how many connections are kept open when idle; at least 1. Default 5.
	PoolSize int
	// MaxOverflow is how many connections beyond PoolSize may be open under load; they are closed when they come
	// back and nobody waits for one. 0 means none. Default 10.
	MaxOverflow int
	// PoolTimeout is how long a caller waits for a free connection before it gets a *PoolTimeoutError. It does not
	// cover the time that connecting takes. 0 means no waiting at all. Default 30 s.
	PoolTimeout time.Duration
	// PrePing verifies an idle connection before it is handed out: by a look at what has arrived on its socket, and with one
	// round trip if something has or if it was idle for more than a second. Default true.
	PrePing bool
	// Recycle is the age at which a connection is replaced instead of handed out, less up to a tenth at random, so
	// that connections made together do not end together. 0 means never. Default 30 min.
	Recycle time.Duration

	// MaxRetries is how often a transaction, or the first connection of Open, is tried again after its first try.
	// 0 means never. Default 3.
	MaxRetries int
	// RetryDelay is the wait before the first retry after a connection failure; it doubles each time, with jitter,
	// up to 30 s. Serialization failures and deadlocks start at 10 ms instead. 0 means no wait. Default 1 s.
	RetryDelay time.Duration

	// ConnectTimeout bounds each attempt to connect to one host, start-up included. Positive. Default 10 s.
	ConnectTimeout time.Duration
	// CommitTimeout bounds a COMMIT from its sending until its outcome is known: half of it is for the answer, and what is
	// left for finding out what happened if none comes. Positive. Default 5 s.
	CommitTimeout time.Duration

	// StatementCache is how many prepared statements each connection keeps; 0 turns the cache off, and every statement with
	// arguments takes two round trips. Default 256.
	StatementCache int
	// LazyBegin sends BEGIN together with the first statement of a transaction instead of in a round trip of its own.
	// Default true.
	LazyBegin bool

	// StatementTimeout, LockTimeout and IdleInTransactionTimeout are the server's settings of these names for every
	// connection, sent when it starts. 0 leaves the server's own. Default 0.
	StatementTimeout         time.Duration
	LockTimeout              time.Duration
	IdleInTransactionTimeout time.Duration

	// ApplicationName is what pg_stat_activity shows. Default: the program's name.
	ApplicationName string
}

// DefaultConfig returns the defaults, which lack only a URL.
func DefaultConfig() Config {
	return Config{
		PoolSize:        5,
		MaxOverflow:     10,
		PoolTimeout:     30 * time.Second,
		PrePing:         true,
		Recycle:         30 * time.Minute,
		MaxRetries:      3,
		RetryDelay:      time.Second,
		ConnectTimeout:  10 * time.Second,
		CommitTimeout:   5 * time.Second,
		StatementCache:  256,
		LazyBegin:       true,
		ApplicationName: filepath.Base(os.Args[0]),
	}
}

// Validate reports every fault at once, as a *ConfigError; nil means that [Open] will not refuse the configuration.
func (c Config) Validate() error {
	var faults []error
	fault := func(wrong bool, format string, args ...any) {
		if wrong {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	if c.URL == "" {
		faults = append(faults, errors.New("DATABASE_URL is not set; write postgres://user:password@host:5432/database"))
	} else if _, err := c.connector(); err != nil {
		faults = append(faults, fmt.Errorf("DATABASE_URL: %w", err))
	}
	fault(c.PoolSize < 1, "DB_POOL_SIZE is %d; it must be at least 1", c.PoolSize)
	fault(c.MaxOverflow < 0, "DB_MAX_OVERFLOW is %d; it must not be negative, 0 means no overflow", c.MaxOverflow)
	fault(c.StatementCache < 0, "DB_STATEMENT_CACHE is %d; it must not be negative, 0 turns the cache off", c.StatementCache)
	fault(c.MaxRetries < 0, "DB_MAX_RETRIES is %d; it must not be negative, 0 means no retries", c.MaxRetries)
	for _, d := range []struct {
		name     string
		value    time.Duration
		positive bool
	}{
		{"DB_POOL_TIMEOUT", c.PoolTimeout, false},
		{"DB_POOL_RECYCLE", c.Recycle, false},
		{"DB_RETRY_DELAY", c.RetryDelay, false},
		{"DB_CONNECT_TIMEOUT", c.ConnectTimeout, true},
		{"DB_COMMIT_TIMEOUT", c.CommitTimeout, true},
		{"DB_STATEMENT_TIMEOUT", c.StatementTimeout, false},
		{"DB_LOCK_TIMEOUT", c.LockTimeout, false},
		{"DB_IDLE_IN_TRANSACTION_TIMEOUT", c.IdleInTransactionTimeout, false},
	} {
		fault(d.value < 0, "%s is %v; it must not be negative", d.name, d.value)
		fault(d.positive && d.value == 0, "%s is 0; it must be positive", d.name)
	}
	if faults != nil {
		return &ConfigError{Faults: faults}
	}
	return nil
}

// dsn is the connection string with the settings that travel with every connection.
func (c Config) dsn() (*pgconn.DSN, error) {
	d, err := pgconn.Parse(c.URL)
	if err != nil {
		return nil, err
	}
	if c.ApplicationName != "" {
		d.Default("application_name", c.ApplicationName)
	}
	for _, t := range []struct {
		setting string
		value   time.Duration
	}{
		{"statement_timeout", c.StatementTimeout},
		{"lock_timeout", c.LockTimeout},
		{"idle_in_transaction_session_timeout", c.IdleInTransactionTimeout},
	} {
		if t.value > 0 {
			d.SetMilliseconds(t.setting, t.value)
		}
	}
	return d, nil
}

// connector reports a setting that the driver refuses now rather than at the first connection.
func (c Config) connector() (*pgconn.Connector, error) {
	d, err := c.dsn()
	if err != nil {
		return nil, err
	}
	return pgconn.NewConnector(d, pgconn.Options{
		ConnectTimeout: c.ConnectTimeout, CommitTimeout: c.CommitTimeout,
		StatementCache: c.StatementCache, EagerBegin: !c.LazyBegin,
	})
}

// shown is Config as it may be seen. It has Config's fields and none of its methods.
type shown Config

func (c Config) shown() shown {
	if c.URL != "" {
		if d, err := pgconn.Parse(c.URL); err == nil {
			c.URL = d.String()
		} else {
			c.URL = "(malformed)"
		}
	}
	return shown(c)
}

// Format implements [fmt.Formatter], so that no verb shows the password.
func (c Config) Format(f fmt.State, verb rune) {
	name := "%+v"
	if verb == 'v' && f.Flag('#') {
		name = "%#v"
	}
	fmt.Fprintf(f, name, c.shown())
}

// MarshalJSON encodes the configuration without the password.
func (c Config) MarshalJSON() ([]byte, error) { return json.Marshal(c.shown()) }

// LogValue implements [slog.LogValuer] without the password.
func (c Config) LogValue() slog.Value { return slog.StringValue(fmt.Sprintf("%+v", c.shown())) }
