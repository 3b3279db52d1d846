package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
)

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
