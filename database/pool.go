package database

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"entgo.io/ent/dialect"
	entsql "entgo.io/ent/dialect/sql"

	"github.com/plinth-db/plinth/database/pgconn"
)

// Pool is a pool of connections to one database. Ent clients, raw SQL and transactions borrow from it through one
// queue. It is safe for concurrent use. [OpenPool] or [Open] makes one; Close ends it.
type Pool struct {
	cfg       Config // without the URL, so that no print of a Pool shows a password
	connector connector
	dialer    *dialer
	slots     *slots
	facade    *sql.DB // keeps no connections: each use connects through lender, which borrows from slots
	driver    *entDriver
	logger    *slog.Logger
	outcomes  outcomes
	opening   func(driver.Connector) *sql.DB
	pooled    atomic.Bool // a connection pooler stands between
}

// Option changes what a pool does beyond its [Config].
type Option func(*Pool) error

// WithLogger reports attempts that are retried or whose outcome is unknown, and a Close that gave up waiting. Nil is
// refused; without this option nothing is logged.
func WithLogger(l *slog.Logger) Option {
	return func(p *Pool) error {
		if l == nil {
			return &ConfigError{Faults: []error{fmt.Errorf("WithLogger: the logger is nil")}}
		}
		p.logger = l
		return nil
	}
}

// WithConnector uses another driver, such as pgx's stdlib.GetConnector, in place of this package's own connector. What the
// configuration says of the connection (URL, timeouts that travel with it, application name, statement cache) is then that
// driver's affair, though the URL is still required, for its host and port in messages. See [pgconn.WrappedConnector] for
// what is lost: most of all, nothing bounds the wait on a silent network but the driver itself.
func WithConnector(c driver.Connector) Option {
	return func(p *Pool) error {
		if c == nil {
			return &ConfigError{Faults: []error{fmt.Errorf("WithConnector: the connector is nil")}}
		}
		p.connector = pgconn.Wrap(c, p.connector.Address(), pgconn.Options{CommitTimeout: p.cfg.CommitTimeout})
		return nil
	}
}

// WithOpener replaces sql.OpenDB for the handle through which everything borrows, so that an adapter can put itself
// between, as package dbotel does with otelsql.OpenDB.
func WithOpener(open func(driver.Connector) *sql.DB) Option {
	return func(p *Pool) error {
		if open == nil {
			return &ConfigError{Faults: []error{fmt.Errorf("WithOpener: the function is nil")}}
		}
		p.opening = open
		return nil
	}
}

// OpenPool connects once, retrying as the configuration says, and returns the pool with that connection in it. The
// error is a *ConfigError, a *ConnectionError, or a *RetryError around one.
func OpenPool(ctx context.Context, cfg Config, opts ...Option) (*Pool, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	own, err := cfg.connector()
	if err != nil {
		return nil, &ConfigError{Faults: []error{err}}
	}
	cfg.URL = ""
	p := &Pool{cfg: cfg, connector: own, slots: newSlots(cfg), logger: slog.New(slog.DiscardHandler), opening: sql.OpenDB}
	for _, opt := range opts {
		if err := opt(p); err != nil {
			return nil, err
		}
	}
	p.dialer = newDialer(p.slots.max(), func(ctx context.Context) (connection, error) {
		conn, err := p.connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		made := conn.(connection)
		if pooler := made.Server().Pooler; pooler != "" && p.pooled.CompareAndSwap(false, true) {
			p.logger.InfoContext(ctx, "connected through a pooler", "pooler", pooler)
		}
		return made, nil
	}, p.slots.adopt)
	p.facade = p.opening(lender{p})
	p.facade.SetMaxIdleConns(-1)
	p.driver = &entDriver{Driver: entsql.OpenDB(dialect.Postgres, p.facade), pool: p}
	if err := p.connectFirst(ctx); err != nil {
		for _, conn := range p.slots.close() {
			_ = conn.Close()
		}
		return nil, err
	}
	return p, nil
}

func (p *Pool) connectFirst(ctx context.Context) error {
	r := retrier{label: "connect", policies: p.cfg.policies(), start: time.Now()}
	for {
		err := p.facade.PingContext(ctx)
		if err == nil {
			return nil
		}
		wait, failed := r.decide(ctx, classify(err), err)
		if failed == nil {
			p.logger.WarnContext(ctx, "could not connect, will try again", "error", err, "wait", wait)
			if reason := p.dialer.wait(ctx, wait); reason != nil {
				failed = r.stopped(reason)
			}
		}
		if failed != nil {
			_ = p.facade.Close()
			return failed
		}
	}
}

// Driver returns the driver for an Ent client: ent.NewClient(ent.Driver(pool.Driver())). Closing such a client
// closes the pool.
func (p *Pool) Driver() dialect.Driver { return p.driver }

// SQL returns a handle for raw SQL and for tools that need a *sql.DB. It borrows from this pool: its own limits and
// its Stats mean nothing, the pool's hold. Do not close it; close the pool.
//
// A statement is sent once. When its answer is lost the error is a *ConnectionError, and the statement may have run. What
// a statement sets for its session (SET, a temporary table, an advisory lock) is undone with DISCARD ALL when the connection comes
// back, unless a function did it unseen. A connection that comes back inside a transaction is closed.
func (p *Pool) SQL() *sql.DB { return p.facade }

// Stats returns the pool's figures.
func (p *Pool) Stats() Stats {
	p.slots.mu.Lock()
	defer p.slots.mu.Unlock()
	s := p.slots.stats()
	p.outcomes.fill(&s)
	return s
}

// Close refuses new work, wakes the waiting callers with [ErrClosed], and waits until every borrowed connection has
// come back or ctx ends. In the latter case it returns a *PoolBusyError; connections still out are closed when they
// come back. A second call waits too, and returns nil once nothing is out.
func (p *Pool) Close(ctx context.Context) error {
	for _, conn := range p.slots.close() {
		_ = conn.Close()
	}
	defer p.connector.Wait(ctx)
	defer p.facade.Close()
	select {
	case <-p.slots.drained:
		return nil
	default:
	}
	select {
	case <-p.slots.drained:
		return nil
	case <-ctx.Done():
		busy := &PoolBusyError{InUse: p.Stats().InUse, Err: ctx.Err()}
		p.logger.WarnContext(ctx, "closed while connections were in use", "in_use", busy.InUse)
		return busy
	}
}

// PoolBusyError says that Close gave up waiting for connections that are still in use.
type PoolBusyError struct {
	InUse int
	Err   error // the context's
}

func (e *PoolBusyError) Error() string {
	return fmt.Sprintf("database: closed while %d connection(s) were still in use: %v", e.InUse, e.Err)
}

// Unwrap returns the context's error.
func (e *PoolBusyError) Unwrap() error { return e.Err }

// Is reports a match with [ErrDatabase].
func (e *PoolBusyError) Is(target error) bool { return target == ErrDatabase }
