package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

// connection is what the pool needs of a connection: pgconn.Conn, or another driver's that pgconn.Wrap made fit.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	driver.NamedValueChecker
	Born() time.Time
	Server() pgconn.Server
	Pooler() string
	Reusable() bool
	Superseded() bool
	Sound(ctx context.Context, idle, pingAfter, pingTimeout time.Duration) bool
}

// connector is what the pool needs of a connector.
type connector interface {
	driver.Connector
	Address() string
	Wait(ctx context.Context)
}

// lender is the driver.Connector under the pool's *sql.DB. database/sql believes that it connects each time; it
// borrows.
type lender struct{ pool *Pool }

// Driver implements [driver.Connector].
func (l lender) Driver() driver.Driver { return l.pool.connector.Driver() }

// Connect implements [driver.Connector]: it waits for a slot, then takes a sound idle connection or makes one.
func (l lender) Connect(ctx context.Context) (driver.Conn, error) {
	s := l.pool.slots
	holder, _ := ctx.Value(txKey(l)).(*transaction)
	conn, err := s.acquire(ctx, holder != nil && !holder.done)
	if err != nil {
		return nil, err
	}
	granted := false
	defer func() {
		if !granted { // also when the driver panics
			l.giveBack(conn)
		}
	}()
	for conn != nil && !l.sound(ctx, conn) {
		if ctx.Err() != nil { // it is closed, and no other will answer sooner
			conn = nil
			break
		}
		conn = s.nextIdle(conn)
	}
	if err := ctx.Err(); err != nil { // not worth a new connection
		return nil, err
	}
	if conn == nil {
		made, err := l.pool.dialer.connect(ctx)
		if err != nil {
			return nil, err
		}
		conn = s.connected(made)
	}
	granted = true
	return &loan{pooled: conn, lender: l}, nil
}

func (l lender) giveBack(conn *pooled) {
	if surplus := l.pool.slots.release(conn); surplus != nil {
		_ = surplus.Close()
	}
}

const (
	// pingAfter is how long a connection may lie idle without being asked whether it still lives; a look at its socket
	// shows at once what the network or the server has ended, but not what a firewall has forgotten.
	pingAfter = time.Second
	// pingTimeout bounds the check of an idle connection; one that takes longer is replaced.
	pingTimeout = 2 * time.Second
)

// sound checks an idle connection, and closes one that is not to be used.
func (l lender) sound(ctx context.Context, conn *pooled) bool {
	if !conn.expired() && !l.pool.slots.outdated(conn) {
		if !l.pool.cfg.PrePing {
			return true
		}
		asked := time.Now()
		if conn.Sound(ctx, time.Since(conn.idleSince), pingAfter, pingTimeout) {
			return true
		}
		if time.Since(asked) >= pingTimeout { // the network is silent: no other that lay idle is asked
			l.pool.slots.newEpoch(conn.epoch)
		}
	}
	_ = conn.Close()
	return false
}

// loan is a borrowed connection. Closing it, which database/sql does after each use, gives it back.
type loan struct {
	*pooled
	lender lender
}

// Close implements [driver.Conn].
func (l *loan) Close() error {
	if l.Superseded() {
		l.lender.pool.slots.newEpoch(l.epoch)
	}
	if l.Reusable() {
		l.lender.giveBack(l.pooled)
		return nil
	}
	err := l.pooled.Close()
	l.lender.giveBack(nil)
	return err
}

// errOuterClient is a deadlock with oneself that was seen in time.
var errOuterClient = errors.New("all connections are held by transactions whose functions wait for another connection; " +
	"inside WithTx use the transaction's client, or raise DB_POOL_SIZE")
