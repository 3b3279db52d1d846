package pgconn

import (
	"context"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/lib/pq"
)

// Connector opens connections as one [DSN] describes. It is safe for concurrent use.
type Connector struct {
	cfg      *pq.Config // holds the password; behind a pointer, so that no print of a Connector shows it
	security *security
	socket   socketOptions
	address  string
	opts     Options
	settler  *settler
	oneUnit  atomic.Bool // a pooler was found that keeps no prepared statements
	cancels  sync.WaitGroup
}

// Options are what a connector does beyond its DSN.
type Options struct {
	ConnectTimeout time.Duration // each attempt to connect to one host, unless the DSN has a connect_timeout other than 0; 0 means no bound
	CommitTimeout  time.Duration // of a COMMIT from its sending until its outcome is settled; 0 means no bound for the answer and no settling
	StatementCache int           // prepared statements kept for each connection; 0 turns the cache off
	EagerBegin     bool          // send BEGIN in a round trip of its own
}

// NewConnector checks the settings and returns a connector. Nothing is dialled.
func NewConnector(d *DSN, opts Options) (*Connector, error) {
	socket, err := parseSocketOptions(d.Get)
	if err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	cfg, err := pq.NewConfig(d.keywords())
	if err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	if err := restoreMode(&cfg, d); err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	security, err := newSecurity(&cfg)
	if err != nil {
		return nil, fmt.Errorf("connection string: %w", err)
	}
	if cfg.ConnectTimeout > 0 { // for libpq 0 means for ever
		opts.ConnectTimeout = cfg.ConnectTimeout
	}
	cfg.ConnectTimeout = 0 // bounded here, for all of dialling, TLS and start-up together
	c := &Connector{cfg: &cfg, security: security, socket: socket, address: d.Address(), opts: opts}
	c.settler = newSettler(opts.CommitTimeout, func(ctx context.Context) (witness, error) { return c.connect(ctx) })
	return c, nil
}

// restoreMode undoes what lib/pq does to sslmode when the first of several hosts is a Unix socket: it turns TLS off for all of
// them (lib/pq v1.12.3, connector.go, newConfig).
func restoreMode(cfg *pq.Config, d *DSN) error {
	if cfg.SSLMode != pq.SSLModeDisable || len(cfg.Multi) == 0 {
		return nil
	}
	if cfg.Service != "" {
		return errors.New("several hosts with a Unix socket first cannot come from a service file; list them in the URL, with sslmode")
	}
	if mode := first(d.Get("sslmode"), os.Getenv("PGSSLMODE")); mode != "" {
		cfg.SSLMode = pq.SSLMode(mode)
	}
	return nil
}

// Address names the hosts and ports that the connector dials.
func (c *Connector) Address() string { return c.address }

// Driver implements [driver.Connector].
func (c *Connector) Driver() driver.Driver { return &pq.Driver{} }

// Connect opens a connection to the first host that takes it. It returns soon after ctx ends even if the server stays
// silent. The error is a *ConnectionError; in its chain is the server's error if the server refused.
func (c *Connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.connect(ctx)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

func (c *Connector) connect(ctx context.Context) (*Conn, error) {
	roles := []pq.TargetSessionAttrs{c.cfg.TargetSessionAttrs}
	if roles[0] == pq.TargetSessionAttrsPreferStandby {
		roles = []pq.TargetSessionAttrs{pq.TargetSessionAttrsStandby, pq.TargetSessionAttrsAny}
	}
	var failures []error
	for _, role := range roles {
		hosts := endpoints(c.cfg)
		for _, host := range hosts {
			conn, err := c.connectTo(ctx, host, role)
			if err == nil {
				return conn, nil
			}
			if len(hosts) > 1 {
				err = fmt.Errorf("%s: %w", host.address, err)
			}
			failures = append(failures, err)
			if ctx.Err() != nil {
				break
			}
		}
	}
	err := failures[0]
	if len(failures) > 1 {
		err = errors.Join(failures...)
	}
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	return nil, &ConnectionError{Op: "connect", Address: c.address, Err: err}
}

// connectTo makes a connection to one host, with and without encryption as sslmode has it.
func (c *Connector) connectTo(ctx context.Context, host endpoint, role pq.TargetSessionAttrs) (*Conn, error) {
	if c.opts.ConnectTimeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, c.opts.ConnectTimeout,
			fmt.Errorf("no answer within the connect timeout of %v", c.opts.ConnectTimeout))
		defer cancel()
	}
	var failures []error
	for _, encryption := range c.security.attempts(host) {
		conn, err := c.start(ctx, host, encryption, role)
		if err == nil {
			return conn, nil
		}
		failures = append(failures, err)
		// A wrong password is not sent a second time, without encryption, as libpq would.
		if !fallsBack(encryption, err) || SQLState(err) == "28P01" {
			break
		}
	}
	err := failures[0]
	if len(failures) > 1 && failures[1].Error() != err.Error() {
		err = fmt.Errorf("%w; and the other way, with or without TLS: %w", err, failures[1])
	}
	if cause := context.Cause(ctx); cause != nil && !errors.Is(err, cause) {
		err = fmt.Errorf("%w (%w)", cause, err)
	}
	return nil, err
}

// start dials, lets lib/pq log in, and asks the server what it is.
func (c *Connector) start(ctx context.Context, host endpoint, encryption encryption, role pq.TargetSessionAttrs) (*Conn, error) {
	network, raw, err := c.security.dial(ctx, host, encryption, c.socket)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = raw.SetDeadline(time.Unix(1, 0)) })
	conn, err := c.login(network, raw, host, role)
	if err == nil {
		conn.server.host, conn.server.encryption = host, encryption
		err = conn.probe()
		if err == nil && conn.server.oneUnit && c.oneUnit.CompareAndSwap(false, true) {
			err = errPoolerFound
		}
	}
	if !stop() && err == nil { // the deadline may be set at any moment
		err = context.Cause(ctx)
	}
	if err != nil {
		_ = raw.Close()
		if errors.Is(err, errPoolerFound) {
			return c.start(ctx, host, encryption, role)
		}
		return nil, err
	}
	return conn, nil
}

// errPoolerFound makes start log in again, with lib/pq set up for the pooler.
var errPoolerFound = errors.New("the server is a pooler")

func (c *Connector) login(network, raw net.Conn, host endpoint, role pq.TargetSessionAttrs) (_ *Conn, err error) {
	defer func() {
		if p := recover(); p != nil { // lib/pq does not check every length
			err = fmt.Errorf("%w (%v)", errMalformed, p)
		}
	}()
	cfg := c.cfg.Clone()
	cfg.Host, cfg.Port, cfg.Multi = host.host, host.port(), nil
	cfg.SSLMode, cfg.SSLNegotiation, cfg.TargetSessionAttrs = pq.SSLModeDisable, "", role
	oneUnit := c.oneUnit.Load()
	cfg.BinaryParameters = cfg.BinaryParameters || oneUnit
	connector, err := pq.NewConnectorConfig(cfg)
	if err != nil {
		return nil, err
	}
	w := newWire(network, raw)
	connector.Dialer(handOver{w})
	inner, err := connector.Connect(context.Background())
	if err != nil {
		return nil, c.explain(w, err)
	}
	cache := c.opts.StatementCache
	if cfg.BinaryParameters {
		cache = 0
	}
	return &Conn{
		pq: inner.(pqConn), wire: w, owner: c, server: &server{oneUnit: oneUnit},
		cache: newStatementCache(cache), own: map[string]string{}, born: time.Now(),
	}, nil
}

// explain gives the error of a login its cause, and the advice that a pooler's needs.
func (c *Connector) explain(w *wire, err error) error {
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) {
		err = errClosedByServer
		if w.lastError != nil {
			err = w.lastError
		}
	}
	if e, ok := errors.AsType[*pq.Error](err); ok && strings.Contains(e.Message, "unsupported startup parameter") {
		return fmt.Errorf("%w; this is PgBouncer: add the parameter to its ignore_startup_parameters, or leave it out of the URL and the DB_* settings "+
			"and use StatementTimeout and LockTimeout of WithTx, which travel in the transaction", err)
	}
	return err
}

// handOver is a dialer for lib/pq that has dialled already.
type handOver struct{ conn net.Conn }

func (d handOver) Dial(string, string) (net.Conn, error) { return d.conn, nil }

func (d handOver) DialTimeout(string, string, time.Duration) (net.Conn, error) { return d.conn, nil }

func (d handOver) DialContext(context.Context, string, string) (net.Conn, error) { return d.conn, nil }

// cancelTimeout bounds the sending of a cancel request, which nobody waits for.
const cancelTimeout = 2 * time.Second

// cancel asks the server, in the background and on a connection of its own, to cancel what the backend is doing.
func (c *Connector) cancel(pid uint32, secret []byte, s *server) {
	c.cancels.Go(func() {
		ctx, cancel := context.WithTimeout(context.Background(), cancelTimeout)
		defer cancel()
		network, raw, err := c.security.dial(ctx, s.host, s.encryption, c.socket)
		if err != nil {
			return
		}
		defer raw.Close()
		_ = raw.SetDeadline(time.Now().Add(cancelTimeout))
		request := binary.BigEndian.AppendUint32(nil, uint32(12+len(secret))) //nolint:gosec // at most 256
		request = binary.BigEndian.AppendUint32(request, 80877102)            // CancelRequest: manual, section 54.7
		request = binary.BigEndian.AppendUint32(request, pid)
		if _, err := network.Write(append(request, secret...)); err == nil {
			_, _ = io.Copy(io.Discard, network) // until the server has taken it
		}
	})
}

// Wait returns once no cancel request is on its way any more, or ctx has ended.
func (c *Connector) Wait(ctx context.Context) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		c.cancels.Wait()
	}()
	select {
	case <-done:
	case <-ctx.Done():
	}
}

func (e endpoint) port() uint16 {
	at := strings.LastIndexAny(e.address, ":.")
	port, _ := strconv.ParseUint(e.address[at+1:], 10, 16)
	return uint16(port)
}
