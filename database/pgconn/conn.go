package pgconn

import (
	"context"
	"database/sql/driver"
	"sync/atomic"
	"time"
)

// cancelGrace is what a cancelled operation gets before its network connection is cut: time enough for the server
// to answer the cancel request with an error that says which statement it was.
const cancelGrace = 150 * time.Millisecond

// answerTimeout bounds what has no context: ROLLBACK, the end of a prepared statement, the cleaning of a session.
// Without an answer the connection is dropped, which makes the server roll back as well.
const answerTimeout = 5 * time.Second

// pqConn is what a connection of lib/pq implements beyond driver.Conn.
type pqConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Validator
	driver.NamedValueChecker
}

// Conn is a connection whose every wait ends soon after its context does, and that returns driver.ErrBadConn, which
// makes database/sql repeat a call on another connection, only where nothing was sent. Like every driver.Conn it is
// used by one goroutine at a time.
type Conn struct {
	pq      pqConn // gets contexts that never end: cancelling is done here
	wire    *wire
	owner   *Connector
	server  *server
	cache   *statementCache
	own     map[string]string // texts of our own that are prepared, with their names
	pending []ownStatement    // whose preparation has been sent
	named   int               // names given so far; none is given twice, as nobody may have deallocated it
	working bool              // the statement itself has been handed to lib/pq, not only its preparation
	born    time.Time
	cut     atomic.Bool  // a context has ended in the middle of something
	tx      *transaction // the one that BeginTx began and nobody has ended yet
	rows    *rows        // being read
	copying bool         // a COPY is open, and lib/pq reads in a goroutine of its own
	altered bool         // somebody may have changed the session
	behind  bool         // see Superseded
}

// Born is when the connection was made.
func (c *Conn) Born() time.Time { return c.born }

// Server tells what the connection's server said of itself when the connection was made.
func (c *Conn) Server() Server { return c.server.shown() }

// Pooler is what stands between, such as PgBouncer in transaction mode; empty if the server itself answers.
func (c *Conn) Pooler() string { return c.server.pooler }

// Reusable reports whether the connection can be given to somebody else: it is sound, nothing is under way on it, and it is
// outside a transaction, as the server's last answer said. A session that was changed is cleaned first (DISCARD ALL), which
// takes a round trip of at most 200 ms.
func (c *Conn) Reusable() bool {
	if !c.idle() {
		return false
	}
	return !c.altered || c.clean()
}

// Superseded reports that the server has said of itself that it has crashed or become a standby: other connections to it that
// were made before are of no use either.
func (c *Conn) Superseded() bool { return c.behind }

func (c *Conn) idle() bool {
	return c.IsValid() && !c.behind && c.tx == nil && c.rows == nil && c.wire.ready.Load() && c.wire.state == stateIdle
}

// clean ends what a session may have left: settings, temporary tables, advisory locks, LISTEN, prepared statements.
func (c *Conn) clean() bool {
	defer c.within(cleanTimeout)()
	r, err := c.wire.exchange(appendQuery(nil, "DISCARD ALL"))
	c.forget()
	c.altered = false
	return err == nil && r.err == nil
}

// cleanTimeout bounds the cleaning of a session, for which its user waits.
const cleanTimeout = 200 * time.Millisecond

// forget drops what is known of prepared statements, after somebody may have deallocated them.
func (c *Conn) forget() {
	c.cache.forget()
	clear(c.own)
}

// Sound reports whether a connection that lay idle can be used. It looks at what has arrived on the socket, which takes
// no round trip; it asks the server if something has, if the connection has been idle for longer than the given time,
// or where a socket cannot be looked at. ctx and pingTimeout bound the question.
func (c *Conn) Sound(ctx context.Context, idle, pingAfter, pingTimeout time.Duration) bool {
	if !c.idle() {
		return false
	}
	switch peek(c.wire.raw) {
	case socketClosed:
		return false
	case socketQuiet:
		if idle < pingAfter {
			return true
		}
	}
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return c.Ping(ctx) == nil
}

// guard makes what follows end soon after ctx does: it asks the server to cancel, and cuts the network connection if that
// has not helped by cancelGrace later. The caller calls release when the operation has ended. A connection on which this
// happened is not used again: a cancel request that comes late would hit the next statement.
//
// A transaction's own context holds for every statement in it, whatever context that has.
func (c *Conn) guard(ctx context.Context) (release func()) {
	release = c.watchOver(ctx)
	if t := c.tx; t != nil && t.ctx.Done() != nil && t.ctx.Done() != ctx.Done() {
		statement, whole := release, c.watchOver(t.ctx)
		return func() {
			whole()
			statement()
		}
	}
	return release
}

func (c *Conn) watchOver(ctx context.Context) (release func()) {
	if ctx.Done() == nil {
		return func() {}
	}
	done := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(done)
		c.cut.Store(true)
		_ = c.wire.raw.SetDeadline(time.Now().Add(cancelGrace))
		c.owner.cancel(c.wire.pid, c.wire.secret, c.server)
	})
	return func() {
		if !stop() {
			<-done // or it would cut the connection under its next user
		}
	}
}

// within bounds one operation that has no context of its own by d; 0 means no bound.
func (c *Conn) within(d time.Duration) (release func()) {
	if d <= 0 {
		return func() {}
	}
	_ = c.wire.raw.SetDeadline(time.Now().Add(d))
	return func() {
		if !c.cut.Load() {
			_ = c.wire.raw.SetDeadline(time.Time{})
		}
	}
}

// Ping implements [driver.Pinger] with one round trip.
func (c *Conn) Ping(ctx context.Context) error {
	defer c.guard(ctx)()
	c.wire.begin()
	r, err := c.wire.exchange(appendQuery(nil, ""))
	if err == nil && r.err != nil {
		err = r.err
	}
	return c.fail(ctx, "ping", textFacts{reads: true}, err)
}

// CheckNamedValue implements [driver.NamedValueChecker].
func (c *Conn) CheckNamedValue(v *driver.NamedValue) error {
	if c.server.oneUnit {
		return c.binaryValue(v)
	}
	return c.pq.CheckNamedValue(v)
}

// ResetSession implements [driver.SessionResetter]. Only driver.ErrBadConn makes database/sql pass over a
// connection, and nothing has been sent on it yet.
func (c *Conn) ResetSession(context.Context) error {
	if !c.IsValid() {
		return driver.ErrBadConn
	}
	return nil
}

// IsValid implements [driver.Validator].
func (c *Conn) IsValid() bool { return !c.cut.Load() && c.wire.broken() == nil && c.pq.IsValid() }

// Close implements [driver.Conn]. It does not wait on a silent network.
func (c *Conn) Close() error {
	_ = c.wire.raw.SetDeadline(time.Now().Add(cancelGrace))
	return c.pq.Close()
}
