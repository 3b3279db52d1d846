package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// WrappedConnector makes another driver's connections fit for the pool: it never lets driver.ErrBadConn pass, which would
// make database/sql run a statement twice, asks for transaction ids, and settles COMMITs whose answer was lost.
//
// What needs this package's own network connection is the other driver's affair: an end to waiting on a silent network,
// BEGIN without a round trip, the statement cache, the look at an idle connection's socket (it is pinged instead), the
// SQLSTATE of a connection's last error, poolers, and the cleaning of a session whose settings were changed.
type WrappedConnector struct {
	inner   driver.Connector
	address string
	settler *settler
}

// Wrap wraps a connector. address is for messages. Of the options only CommitTimeout has an effect.
func Wrap(inner driver.Connector, address string, opts Options) *WrappedConnector {
	c := &WrappedConnector{inner: inner, address: address}
	c.settler = newSettler(opts.CommitTimeout, func(ctx context.Context) (witness, error) { return c.connect(ctx) })
	return c
}

// Address is what Wrap was given.
func (c *WrappedConnector) Address() string { return c.address }

// Driver implements [driver.Connector].
func (c *WrappedConnector) Driver() driver.Driver { return c.inner.Driver() }

// Wait returns at once.
func (c *WrappedConnector) Wait(context.Context) {}

// Connect implements [driver.Connector]. The error is a *ConnectionError.
func (c *WrappedConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

func (c *WrappedConnector) connect(ctx context.Context) (*WrappedConn, error) {
	inner, err := c.inner.Connect(ctx)
	if err != nil {
		if errors.Is(err, driver.ErrBadConn) {
			err = errClosedByServer
		}
		return nil, &ConnectionError{Op: "connect", Address: c.address, Err: err}
	}
	conn := &WrappedConn{inner: inner, owner: c, server: &server{}, born: time.Now()}
	if err := conn.probe(ctx); err != nil {
		_ = inner.Close()
		return nil, err
	}
	return conn, nil
}

// WrappedConn is a connection of another driver.
type WrappedConn struct {
	inner  driver.Conn
	owner  *WrappedConnector
	server *server
	born   time.Time
	broken bool
	byHand bool // somebody may have begun a transaction or changed the session with a statement of his own
	tx     *wrappedTx
}

func (c *WrappedConn) probe(ctx context.Context) error {
	s := c.server
	row, err := c.ask(ctx, probeQuery)
	if err != nil || len(row) != 5 {
		return connectionErrorOrNil(err)
	}
	s.standby, s.incarnation, s.since, s.system = row[1] == "true", row[2], row[3], row[4]
	if row, err = c.ask(ctx, "SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_setting('server_version_num')"); err != nil {
		return connectionErrorOrNil(err)
	}
	s.version = row[0]
	if number, _ := strconv.Atoi(row[1]); number >= 130000 {
		s.identify = identifyPooled // whether a pooler is between is not known
	}
	return nil
}

// connectionErrorOrNil passes over a server that does not know what it was asked.
func connectionErrorOrNil(err error) error {
	if SQLState(err) != "" && !is[*ConnectionError](err) {
		return nil
	}
	return err
}

// Born is when the connection was made.
func (c *WrappedConn) Born() time.Time { return c.born }

// Server tells what the connection's server said of itself when the connection was made.
func (c *WrappedConn) Server() Server { return c.server.shown() }

// Pooler is empty: it is not known here.
func (c *WrappedConn) Pooler() string { return "" }

// Reusable reports whether the connection is sound and BeginTx's transaction has ended. A session that a statement may have
// changed is not used again.
func (c *WrappedConn) Reusable() bool { return c.IsValid() && c.tx == nil && !c.byHand }

// Superseded reports that the server is not the one to use any more; it is not known here.
func (c *WrappedConn) Superseded() bool { return false }

// Sound pings a connection that was idle for longer than the given time.
func (c *WrappedConn) Sound(ctx context.Context, idle, pingAfter, pingTimeout time.Duration) bool {
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	if r, ok := c.inner.(driver.SessionResetter); ok && r.ResetSession(ctx) != nil {
		return false
	}
	return c.Reusable() && (idle < pingAfter || c.Ping(ctx) == nil)
}

// Ping implements [driver.Pinger].
func (c *WrappedConn) Ping(ctx context.Context) error {
	p, ok := c.inner.(driver.Pinger)
	if !ok {
		_, err := c.ask(ctx, "SELECT 1")
		return err
	}
	if err := p.Ping(ctx); err != nil {
		return c.lost("ping", err)
	}
	return nil
}

// ResetSession implements [driver.SessionResetter]; the pool has done it.
func (c *WrappedConn) ResetSession(context.Context) error {
	if !c.IsValid() {
		return driver.ErrBadConn
	}
	return nil
}

// IsValid implements [driver.Validator].
func (c *WrappedConn) IsValid() bool {
	v, ok := c.inner.(driver.Validator)
	return !c.broken && (!ok || v.IsValid())
}

// CheckNamedValue implements [driver.NamedValueChecker].
func (c *WrappedConn) CheckNamedValue(v *driver.NamedValue) error {
	if checker, ok := c.inner.(driver.NamedValueChecker); ok {
		return checker.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

// Close implements [driver.Conn].
func (c *WrappedConn) Close() error { return c.inner.Close() }

// Prepare implements [driver.Conn].
func (c *WrappedConn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

// PrepareContext implements [driver.ConnPrepareContext].
func (c *WrappedConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	facts, err := c.admit(query)
	if err != nil {
		return nil, err
	}
	var s driver.Stmt
	if p, ok := c.inner.(driver.ConnPrepareContext); ok {
		s, err = p.PrepareContext(ctx, query)
	} else {
		s, err = c.inner.Prepare(query)
	}
	if err != nil {
		return nil, c.fail(ctx, "prepare", textFacts{reads: true}, err)
	}
	return &wrappedStmt{Stmt: s, conn: c, facts: facts}, nil
}

// admit refuses what must not be sent now, and notes what the rest may leave behind.
func (c *WrappedConn) admit(query string) (textFacts, error) {
	facts := inspect(query)
	if c.tx != nil && facts.ends {
		return facts, errEndedByHand
	}
	c.byHand = c.byHand || facts.alters && query != setLocal || facts.begins
	return facts, nil
}

// ExecContext implements [driver.ExecerContext].
func (c *WrappedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	e, ok := c.inner.(driver.ExecerContext)
	if !ok {
		return nil, driver.ErrSkip
	}
	facts, err := c.admit(query)
	if err != nil {
		return nil, err
	}
	r, err := e.ExecContext(ctx, query, args)
	return r, c.fail(ctx, "exec", facts, err)
}

// QueryContext implements [driver.QueryerContext].
func (c *WrappedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	q, ok := c.inner.(driver.QueryerContext)
	if !ok {
		return nil, driver.ErrSkip
	}
	facts, err := c.admit(query)
	if err != nil {
		return nil, err
	}
	r, err := q.QueryContext(ctx, query, args)
	if err != nil {
		return nil, c.fail(ctx, "query", facts, err)
	}
	return c.rows(ctx, r, facts), nil
}

func (c *WrappedConn) ask(ctx context.Context, query string) ([]string, error) {
	s, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer s.Close()
	r, err := s.(*wrappedStmt).QueryContext(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	values := make([]driver.Value, len(r.Columns()))
	switch err := r.Next(values); {
	case errors.Is(err, io.EOF):
		return nil, nil
	case err != nil:
		return nil, err
	}
	row := make([]string, len(values))
	for i, v := range values {
		switch v := v.(type) {
		case nil:
		case []byte:
			row[i] = string(v)
		case time.Time:
			row[i] = v.UTC().Format("2006-01-02 15:04:05.999999-07:00")
		default:
			row[i] = fmt.Sprint(v)
		}
	}
	return row, nil
}

// fail is Conn.fail for a driver of which it is not known whether it has sent anything.
func (c *WrappedConn) fail(ctx context.Context, op string, facts textFacts, err error) error {
	if err == nil || errors.Is(err, driver.ErrSkip) {
		return err
	}
	if c.isLost(err) {
		err = c.lost(op, err)
		if c.tx == nil && !facts.reads {
			err = &StatementUnknownError{Op: op, Err: err}
		}
	}
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		err = withCause(op, cause, err)
	}
	if c.tx != nil && SQLState(err) != "25P02" {
		c.tx.settings.LastError = err
	}
	return err
}

func (c *WrappedConn) isLost(err error) bool {
	switch state := SQLState(err); {
	case state == "57P01", state == "57P02", state == "57P03", len(state) == 5 && state[:2] == "08":
		return true
	case state != "":
		return false
	}
	return errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || is[net.Error](err) || !c.IsValid() ||
		errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded)
}

func (c *WrappedConn) lost(op string, err error) error {
	c.broken = true
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) {
		err = errClosedByServer
	}
	return &ConnectionError{Op: op, Address: c.owner.address, Err: err}
}
