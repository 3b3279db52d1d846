package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
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

// ExecContext implements [driver.ExecerContext].
func (c *Conn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	defer c.guard(ctx)()
	result, facts, err := run(c, query, args, exec)
	return result, c.fail(ctx, "exec", facts, err)
}

// QueryContext implements [driver.QueryerContext].
func (c *Conn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	release := c.guard(ctx)
	r, facts, err := run(c, query, args, open)
	if err != nil {
		release()
		return nil, c.fail(ctx, "query", facts, err)
	}
	c.rows = &rows{pqRows: r, conn: c, ctx: ctx, facts: facts, release: release}
	return c.rows, nil
}

// ownStatement is a statement of our own under its name on the server.
type ownStatement struct{ text, name string }

// call is how lib/pq runs a statement; prepared is nil where it is to prepare it by itself.
type call[R any] func(c *Conn, prepared pqStmt, query string, args []driver.NamedValue) (R, error)

func exec(c *Conn, prepared pqStmt, query string, args []driver.NamedValue) (driver.Result, error) {
	if prepared != nil {
		return prepared.ExecContext(context.Background(), args)
	}
	return c.pq.ExecContext(context.Background(), query, args)
}

func open(c *Conn, prepared pqStmt, query string, args []driver.NamedValue) (pqRows, error) {
	var r driver.Rows
	var err error
	if prepared != nil {
		r, err = prepared.QueryContext(context.Background(), args)
	} else {
		r, err = c.pq.QueryContext(context.Background(), query, args)
	}
	if err != nil {
		return nil, err
	}
	return r.(pqRows), nil
}

// maxArguments is the most that a Bind message can count (manual, section 54.7).
const maxArguments = 65535

var errCopyOpen = errors.New("a COPY on this connection has not been ended; end it with an Exec without arguments, and Close")

var errRowsOpen = errors.New("the rows of an earlier query on this connection have not been read to their end or closed; close them first")

// run sends one statement, again if it turns out that a prepared one has become stale and nothing was run.
func run[R any](c *Conn, query string, args []driver.NamedValue, call call[R]) (result R, _ textFacts, err error) {
	var zero R
	defer c.survive(&err)
	c.wire.begin()
	c.working = false
	s, evicted := c.cache.lookup(query)
	if evicted != nil {
		c.closeLater(evicted)
	}
	if err := c.admit(s.facts); err != nil {
		return zero, s.facts, err
	}
	if len(args) > maxArguments { // lib/pq finds out too late, and leaves the connection of no use
		return zero, s.facts, fmt.Errorf("%d arguments are more than the protocol's %d", len(args), maxArguments)
	}
	result, err = attempt(c, s, args, call)
	if err != nil && c.mended(s, err) {
		c.wire.begin()
		result, err = attempt(c, s, args, call)
	}
	if err == nil {
		s.worked = true
	}
	c.settleDown(s.facts)
	return result, s.facts, err
}

// survive turns a panic into the loss of the connection: lib/pq panics on messages that are cut short inside, and what a
// broken server or pooler sends must not end the program.
func (c *Conn) survive(err *error) {
	if p := recover(); p != nil {
		_ = c.wire.keep(fmt.Errorf("%w (%v)", errMalformed, p))
		*err = errMalformed
	}
}

// admit refuses what must not be sent now.
func (c *Conn) admit(facts textFacts) error {
	if c.rows != nil {
		return errRowsOpen
	}
	if c.copying {
		return errCopyOpen
	}
	if c.tx == nil {
		return nil
	}
	if c.tx.over != nil {
		return c.tx.over
	}
	if facts.ends {
		return errEndedByHand
	}
	return nil
}

var errEndedByHand = errors.New("a statement must not begin or end a transaction inside one that was begun through BeginTx or WithTx; use Commit and Rollback, or return from fn")

func attempt[R any](c *Conn, s *cachedStatement, args []driver.NamedValue, call call[R]) (R, error) {
	var zero R
	waiting := c.tx != nil && !c.tx.started // BEGIN has yet to go out
	if s.facts.cacheable && (len(args) > 0 || s.seen || waiting) {
		if s.prepared == nil {
			if err := c.prepare(s); err != nil {
				return zero, err
			}
		}
		c.working = true
		return call(c, s.prepared, s.text, args)
	}
	s.seen = true
	if len(args) == 0 && waiting { // a simple Query cannot share BEGIN's Sync unit
		if err := c.flush(); err != nil {
			return zero, err
		}
	}
	c.working = true
	return call(c, nil, s.text, args)
}

func (c *Conn) prepare(s *cachedStatement) error {
	c.wire.paramTypes = c.wire.paramTypes[:0]
	prepared, err := c.pq.PrepareContext(context.Background(), s.text)
	if err != nil {
		return err
	}
	s.prepared, s.name, s.worked = prepared.(pqStmt), c.wire.parsing, false
	s.paramTypes = append(s.paramTypes[:0], c.wire.paramTypes...)
	c.noteBegun()
	return nil
}

// closeLater frees a prepared statement on the server, with the next message that goes there.
func (c *Conn) closeLater(s *cachedStatement) {
	if s.prepared != nil {
		c.wire.prefix.messages = appendCloseStatement(c.wire.prefix.messages, s.name)
		c.wire.prefix.expect = append(c.wire.prefix.expect, msgCloseComplete)
	}
}

// settleDown notes what a statement has done to the transaction and the session.
func (c *Conn) settleDown(facts textFacts) {
	c.noteBegun()
	c.altered = c.altered || facts.alters
	if facts.forgets {
		c.forget()
	}
	if c.tx != nil && c.tx.started {
		c.tx.statements++
		if facts.mayEnd { // whatever transaction is open now, its id may be another one
			c.tx.ref = commitRef{}
		}
		if c.tx.over == nil && c.wire.ready.Load() && (c.wire.ended || c.wire.state == stateIdle) {
			c.tx.over = errEndedByHand
			c.tx.byHand = true
		}
	}
}

// Prepare implements [driver.Conn].
func (c *Conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext implements [driver.ConnPrepareContext]. A statement that the cache holds costs nothing.
func (c *Conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	defer c.guard(ctx)()
	c.wire.begin()
	s, evicted := c.cache.lookup(query)
	if evicted != nil {
		c.closeLater(evicted)
	}
	err := c.admit(s.facts)
	if err == nil && s.facts.cacheable && s.prepared == nil {
		err = c.prepare(s)
	}
	if err != nil {
		c.noteBegun()
		if SQLState(err) == "26000" {
			c.forget()
		}
		return nil, c.fail(ctx, "prepare", textFacts{reads: true}, err)
	}
	if s.facts.cacheable {
		return &cachedStmt{conn: c, text: query, inputs: s.prepared.NumInput()}, nil
	}
	if c.server.oneUnit && !s.facts.copies { // a name would stay on a server that others use, too
		return &cachedStmt{conn: c, text: query, inputs: -1}, nil
	}
	if s.facts.copies && c.tx != nil { // lib/pq wants to have seen the transaction begin
		if !c.tx.started {
			err = c.flush()
		}
		if err == nil {
			_, err = c.pq.ExecContext(context.Background(), "", nil)
		}
	}
	var inner driver.Stmt
	if err == nil {
		inner, err = c.pq.PrepareContext(context.Background(), query)
	}
	if err == nil && s.facts.copies { // lib/pq reads in a goroutine of its own from now on
		if c.tx != nil {
			c.tx.statements++
		}
		c.copying = true
		return &copyStmt{conn: c, facts: s.facts, inner: inner}, nil
	}
	c.settleDown(s.facts)
	if err != nil {
		return nil, c.fail(ctx, "prepare", s.facts, err)
	}
	return &stmt{conn: c, facts: s.facts, inner: inner.(pqStmt)}, nil
}
