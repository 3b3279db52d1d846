package pgconn

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/lib/pq"
)

// Connector opens connections as one [DSN] describes. It is safe for concurrent use.
type Connector struct {
	cfg           *pq.Config // holds the password; behind a pointer, so that no print of a Connector shows it
	address       string
	commitTimeout time.Duration
}

// Timeouts bound what has no context of its own or must not hang on one. 0 means no bound.
type Timeouts struct {
	Connect time.Duration // each attempt to connect to one host, unless the DSN has a connect_timeout other than 0
	Commit  time.Duration // the wait for the answer to COMMIT
}

// NewConnector checks the settings and returns a connector. Nothing is dialled.
func NewConnector(d *DSN, t Timeouts) (*Connector, error) {
	cfg, err := pq.NewConfig(d.keywords())
	if err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	if cfg.ConnectTimeout <= 0 { // for libpq 0 means for ever
		cfg.ConnectTimeout = t.Connect
	}
	return &Connector{cfg: &cfg, address: d.Address(), commitTimeout: t.Commit}, nil
}

// Address names the hosts and ports that the connector dials.
func (c *Connector) Address() string { return c.address }

// Driver implements [driver.Connector].
func (c *Connector) Driver() driver.Driver { return &pq.Driver{} }

// Connect opens a connection. It returns soon after ctx ends even if the server stays silent. The error is a
// *ConnectionError; in its chain is the server's error if the server refused.
func (c *Connector) Connect(ctx context.Context) (driver.Conn, error) {
	dial := &dialer{}
	connector, err := pq.NewConnectorConfig(c.cfg.Clone())
	if err != nil {
		return nil, &ConnectionError{Op: "connect", Address: c.address, Err: err}
	}
	connector.Dialer(dial)
	// lib/pq looks at ctx while it dials, but not while it waits for the server's greeting.
	stop := context.AfterFunc(ctx, dial.interrupt)
	inner, err := connector.Connect(ctx)
	interrupted := !stop()
	if err != nil {
		if cause := ctx.Err(); cause != nil {
			err = fmt.Errorf("%w (%w)", cause, err)
		}
		if errors.Is(err, driver.ErrBadConn) {
			err = errClosedByServer
		}
		return nil, &ConnectionError{Op: "connect", Address: c.address, Err: err}
	}
	if interrupted {
		_ = inner.Close()
		return nil, &ConnectionError{Op: "connect", Address: c.address, Err: ctx.Err()}
	}
	return &Conn{
		inner: inner.(pqConn), net: dial.keep(), address: c.address, commitTimeout: c.commitTimeout,
		born: time.Now(),
	}, nil
}

// dialer hands lib/pq the network connections and remembers the one in use, so that deadlines can be set on it.
// lib/pq dials again through the same dialer to cancel a statement; keep ends the remembering before that.
type dialer struct {
	mu   sync.Mutex // guards what follows; nothing blocks under it
	conn net.Conn
	kept bool
}

func (d *dialer) DialContext(ctx context.Context, network, address string) (net.Conn, error) {
	var nd net.Dialer
	conn, err := nd.DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.kept {
		d.conn = conn
	}
	return conn, nil
}

// Dial and DialTimeout complete lib/pq's interface; it prefers DialContext.
func (d *dialer) Dial(network, address string) (net.Conn, error) {
	return d.DialContext(context.Background(), network, address)
}

func (d *dialer) DialTimeout(network, address string, timeout time.Duration) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	return d.DialContext(ctx, network, address)
}

// interrupt ends a start-up that is waiting for the server.
func (d *dialer) interrupt() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.conn != nil {
		_ = d.conn.SetDeadline(time.Unix(1, 0))
	}
}

func (d *dialer) keep() net.Conn {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.kept = true
	return d.conn
}
