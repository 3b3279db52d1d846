package database

import (
	"context"
	"database/sql/driver"
	"time"

	"github.com/plinth-db/plinth/database/pgconn"
)

// lender is the driver.Connector under the pool's *sql.DB. database/sql believes that it connects each time; it
// borrows.
type lender struct{ pool *Pool }

// Driver implements [driver.Connector].
func (l lender) Driver() driver.Driver { return l.pool.connector.Driver() }

// Connect implements [driver.Connector]: it waits for a slot, then takes a sound idle connection or makes one.
func (l lender) Connect(ctx context.Context) (driver.Conn, error) {
	s := l.pool.slots
	conn, err := s.acquire(ctx)
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
		expired := conn.expired()
		_ = conn.Close()
		conn = s.nextIdle(func(c *counters) {
			if expired {
				c.Recycled++
			} else {
				c.PingFailures++
			}
		})
	}
	if err := ctx.Err(); err != nil { // not worth a new connection
		return nil, err
	}
	if conn == nil {
		made, err := l.pool.connector.Connect(ctx)
		if err != nil {
			return nil, err
		}
		conn = s.connected(made.(*pgconn.Conn))
	}
	granted = true
	return &loan{pooled: conn, lender: l}, nil
}

func (l lender) giveBack(conn *pooled) {
	if surplus := l.pool.slots.release(conn); surplus != nil {
		_ = surplus.Close()
	}
}

// pingTimeout bounds the check of an idle connection; one that takes longer is replaced.
const pingTimeout = 2 * time.Second

func (l lender) sound(ctx context.Context, conn *pooled) bool {
	if conn.expired() {
		return false
	}
	if !l.pool.cfg.PrePing {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	return conn.Ping(ctx) == nil
}

// loan is a borrowed connection. Closing it, which database/sql does after each use, gives it back.
type loan struct {
	*pooled
	lender lender
}

// Close implements [driver.Conn].
func (l *loan) Close() error {
	if l.Reusable() {
		l.lender.giveBack(l.pooled)
		return nil
	}
	err := l.pooled.Close()
	l.lender.giveBack(nil)
	return err
}
