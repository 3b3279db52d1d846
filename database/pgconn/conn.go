package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"regexp"
	"sync/atomic"
	"time"
)

// cancelGrace is what a cancelled operation gets before its network connection is cut: time enough for the server
// to answer the cancel request with an error that says which statement it was.
const cancelGrace = 150 * time.Millisecond

// pqConn is what a connection of lib/pq implements beyond driver.Conn.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	driver.NamedValueChecker
}

// Conn is a connection whose every wait ends soon after its context does, and that returns driver.ErrBadConn from
// no method, so that database/sql repeats nothing. Like every driver.Conn it is used by one goroutine at a time.
type Conn struct {
	inner         pqConn
	net           net.Conn
	address       string
	commitTimeout time.Duration
	born          time.Time
	broken        atomic.Bool // set once the connection must not be used again
	tx            *TxSettings // of the transaction that is open, else nil
	suspect       bool        // somebody may have begun a transaction with a statement of his own
}

// Born is when the connection was made.
func (c *Conn) Born() time.Time { return c.born }

// Reusable reports whether the connection is sound and outside a transaction. One on which a statement such as BEGIN was
// run by hand is not, whether the transaction was ended or not: lib/pq does not tell.
func (c *Conn) Reusable() bool { return c.IsValid() && c.tx == nil && !c.suspect }

// begins finds a statement that opens a transaction. It may find one where there is none, in a function's body.
var begins = regexp.MustCompile(`(?is)(?:^|;)(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:begin|start\s+transaction)\b|\bchain\b`)

// ends finds a statement that ends the transaction; rollbackTo is the exception.
var (
	ends       = regexp.MustCompile(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*(?:commit|end|abort|rollback|prepare\s+transaction)\b`)
	rollbackTo = regexp.MustCompile(`(?is)^(?:\s|--[^\n]*\n|/\*.*?\*/)*rollback(?:\s+(?:work|transaction))?\s+to\b`)
)

// inspect looks at a text before it is sent. Transactions that were begun through BeginTx end through their Commit and
// Rollback, or their outcome could not be told.
func (c *Conn) inspect(query string) error {
	if c.tx != nil && ends.MatchString(query) && !rollbackTo.MatchString(query) {
		return errEndedByHand
	}
	if !c.suspect && begins.MatchString(query) {
		c.suspect = true
	}
	return nil
}

var errEndedByHand = errors.New("a statement must not end a transaction that was begun through BeginTx or WithTx; use Commit and Rollback, or return from fn")

// guard cuts the network connection when ctx has ended and the operation has not by cancelGrace later. The caller
// calls release when the operation has ended. A cut connection is broken.
func (c *Conn) guard(ctx context.Context) (release func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	cut := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(cut)
		c.broken.Store(true)
		_ = c.net.SetDeadline(time.Now().Add(cancelGrace))
	})
	return func() {
		if !stop() {
			<-cut // or it would cut the connection under its next user
		}
	}
}

// within bounds one operation that has no context of its own by d; 0 means no bound.
func (c *Conn) within(d time.Duration) (release func()) {
	if d <= 0 {
		return func() {}
	}
	_ = c.net.SetDeadline(time.Now().Add(d))
	return func() {
		if !c.broken.Load() {
			_ = c.net.SetDeadline(time.Time{})
		}
	}
}

// Prepare implements [driver.Conn].
func (c *Conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext implements [driver.ConnPrepareContext].
func (c *Conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if err := c.inspect(query); err != nil {
		return nil, err
	}
	defer c.guard(ctx)()
	s, err := c.inner.PrepareContext(ctx, query)
	if err != nil {
		return nil, c.fail(ctx, "prepare", err)
	}
	return &stmt{conn: c, inner: s.(pqStmt)}, nil
}

// ExecContext implements [driver.ExecerContext].
func (c *Conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	if err := c.inspect(query); err != nil {
		return nil, err
	}
	defer c.guard(ctx)()
	r, err := c.inner.ExecContext(ctx, query, args)
	return r, c.fail(ctx, "exec", err)
}

// QueryContext implements [driver.QueryerContext].
func (c *Conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	if err := c.inspect(query); err != nil {
		return nil, err
	}
	release := c.guard(ctx)
	r, err := c.inner.QueryContext(ctx, query, args)
	if err != nil {
		release()
		return nil, c.fail(ctx, "query", err)
	}
	return &rows{pqRows: r.(pqRows), conn: c, ctx: ctx, release: release}, nil
}

// Ping implements [driver.Pinger] with one round trip. lib/pq's answer carries no cause.
func (c *Conn) Ping(ctx context.Context) error {
	defer c.guard(ctx)()
	return c.fail(ctx, "ping", c.inner.Ping(ctx))
}

// CheckNamedValue implements [driver.NamedValueChecker].
func (c *Conn) CheckNamedValue(v *driver.NamedValue) error { return c.inner.CheckNamedValue(v) }

// ResetSession implements [driver.SessionResetter]. Only driver.ErrBadConn makes database/sql pass over a
// connection, and nothing has been sent on it yet.
func (c *Conn) ResetSession(context.Context) error {
	if !c.IsValid() {
		return driver.ErrBadConn
	}
	return nil
}

// IsValid implements [driver.Validator].
func (c *Conn) IsValid() bool { return !c.broken.Load() && c.inner.IsValid() }

// Close implements [driver.Conn]. It does not wait on a silent network.
func (c *Conn) Close() error {
	_ = c.net.SetDeadline(time.Now().Add(cancelGrace))
	return c.inner.Close()
}
