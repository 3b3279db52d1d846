package pgconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"strings"

	"github.com/lib/pq"
)

// ErrDatabase is matched, with errors.Is, by every error that this package and package database make.
var ErrDatabase = errors.New("database error")

// ConnectionError says that a connection could not be made or was lost. Nothing is known of the statement during
// which a connection was lost: the server may have run it.
type ConnectionError struct {
	Op      string // what was under way: "connect", "begin", "query", "commit", ...
	Address string // host:port, or several of them separated by commas; never user or password
	Err     error  // the cause; never driver.ErrBadConn, so that database/sql does not repeat anything
}

func (e *ConnectionError) Error() string {
	if e.Op == "connect" {
		return fmt.Sprintf("database: could not connect to %s: %v", e.Address, e.Err)
	}
	return fmt.Sprintf("database: connection to %s lost during %s: %v", e.Address, e.Op, e.Err)
}

// Unwrap returns the cause.
func (e *ConnectionError) Unwrap() error { return e.Err }

// Is reports a match with [ErrDatabase].
func (e *ConnectionError) Is(target error) bool { return target == ErrDatabase }

// Permanent reports whether trying again cannot help, because the fault is in the settings: a certificate that does
// not verify, TLS refused by the server, a file that cannot be read, a login that the server rejects. A server that
// is away, starting up or full, a name that does not resolve yet, and hosts that are all in the wrong role are not
// permanent: a failover looks like this.
func (e *ConnectionError) Permanent() bool {
	switch state := SQLState(e.Err); {
	case state == "57P01", state == "57P02", state == "57P03", state == "53300", strings.HasPrefix(state, "08"):
		return false
	case state != "":
		return true
	}
	return errors.Is(e.Err, pq.ErrSSLNotSupported) || is[*fs.PathError](e.Err) ||
		is[*tls.CertificateVerificationError](e.Err) || is[x509.UnknownAuthorityError](e.Err) ||
		is[x509.HostnameError](e.Err) || is[x509.CertificateInvalidError](e.Err)
}

func is[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// errClosedByServer stands in for driver.ErrBadConn, which says no more and makes database/sql repeat.
var errClosedByServer = errors.New("the server closed the connection")

// errCutOff is why a connection is gone that we cut ourselves, because a context had ended.
var errCutOff = errors.New("the connection was cut when the context of an earlier statement ended")

// SQLState returns the five-character SQLSTATE of the server's error in err's chain, and "" when there is none.
func SQLState(err error) string {
	if e, ok := errors.AsType[interface {
		error
		SQLState() string
	}](err); ok {
		return e.SQLState()
	}
	return ""
}

// fail turns what lib/pq returned into what the layers above may see. An error that the server sent keeps its form.
// Everything else means that the connection is gone.
func (c *Conn) fail(ctx context.Context, op string, err error) error {
	if err == nil || errors.Is(err, driver.ErrSkip) {
		return err
	}
	err = c.hideBadConn(op, err)
	if cause := ctx.Err(); cause != nil {
		err = fmt.Errorf("%s: %w (%w)", op, cause, err)
	}
	if c.tx != nil && SQLState(err) != "25P02" {
		c.tx.LastError = err
	}
	return err
}

func (c *Conn) hideBadConn(op string, err error) error {
	if _, ok := errors.AsType[*pq.Error](err); ok {
		return err
	}
	if c.inner.IsValid() && !errors.Is(err, driver.ErrBadConn) {
		return err // a usage error of lib/pq's own, such as a wrong number of arguments
	}
	c.broken.Store(true)
	if errors.Is(err, driver.ErrBadConn) {
		err = errClosedByServer
	}
	return &ConnectionError{Op: op, Address: c.address, Err: err}
}
