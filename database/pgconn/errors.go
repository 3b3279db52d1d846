package pgconn

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
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
	if SQLState(e.Err) == "25006" {
		return fmt.Sprintf("database: %s takes no writes: %v", e.Address, e.Err)
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
	case state == "57P01", state == "57P02", state == "57P03", state == "53300", state == "25006", strings.HasPrefix(state, "08"):
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

// CommitUnknownError says that COMMIT was sent, its answer lost, and that the outcome could not be found out either: the
// transaction may have happened or not. It is never retried by this module. The caller finds out by reading what the
// transaction would have written.
type CommitUnknownError struct {
	Label    string // of the transaction
	Attempt  int    // 1 for the first; 0 outside WithTx
	XID      string // for pg_xact_status on the timeline below; empty if the server told none
	Timeline string // as in the name of a WAL file
	Reason   error  // why the outcome could not be found out
	Err      error  // what went wrong while waiting for the answer
}

func (e *CommitUnknownError) Error() string {
	var of, known, reason string
	if e.Label != "" {
		of = " of " + e.Label
	}
	if e.Attempt > 0 {
		of += fmt.Sprintf(" (attempt %d)", e.Attempt)
	}
	if e.XID != "" {
		known = fmt.Sprintf("; its transaction id was %s on timeline %s", e.XID, e.Timeline)
	}
	if e.Reason != nil {
		reason = fmt.Sprintf(", and it could not be found out: %v", e.Reason)
	}
	return fmt.Sprintf("database: the outcome of the COMMIT%s is unknown, it was sent and its answer lost: %v%s%s; "+
		"look whether its rows are there before trying again", of, e.Err, reason, known)
}

// Unwrap returns what went wrong while waiting for the answer, and why the outcome could not be found out.
func (e *CommitUnknownError) Unwrap() []error {
	if e.Reason == nil {
		return []error{e.Err}
	}
	return []error{e.Err, e.Reason}
}

// Is reports a match with [ErrDatabase].
func (e *CommitUnknownError) Is(target error) bool { return target == ErrDatabase }

// StatementUnknownError says that a single statement outside a transaction was sent and its answer lost: the server may have
// run it or not. It is never sent twice. Statements that begin like a query (SELECT, VALUES, TABLE, SHOW, EXPLAIN) give
// the plain *ConnectionError instead.
type StatementUnknownError struct {
	Op  string // "exec" or "query"
	Err error  // in its chain is a *ConnectionError
}

func (e *StatementUnknownError) Error() string {
	return fmt.Sprintf("database: it is unknown whether the statement was run, it was sent and its answer lost: %v; "+
		"look whether its effect is there before trying again, or use WithTx, which finds out", e.Err)
}

// Unwrap returns what went wrong while waiting for the answer.
func (e *StatementUnknownError) Unwrap() error { return e.Err }

// Is reports a match with [ErrDatabase].
func (e *StatementUnknownError) Is(target error) bool { return target == ErrDatabase }

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

// fail turns what a statement came to into what the layers above may see. An error that the server sent keeps its form as
// long as the connection is sound.
func (c *Conn) fail(ctx context.Context, op string, facts textFacts, err error) error {
	if err == nil || errors.Is(err, driver.ErrSkip) {
		return err
	}
	if e, ok := errors.AsType[*pq.Error](err); ok && c.demoted(e) {
		c.behind = true
		err = &ConnectionError{Op: op, Address: c.owner.address, Err: e}
	}
	if said := c.wire.lastError; said != nil && !is[*pq.Error](err) && !ambiguous(said) {
		c.cut.Store(true) // lib/pq gave up on an error of more than 30,000 bytes
		err = said
	}
	if c.isLost(err) {
		if !c.wire.wrote.Load() && c.tx == nil && ctx.Err() == nil {
			c.cut.Store(true)
			return driver.ErrBadConn // nothing was sent: database/sql may take another connection
		}
		err = c.afterLoss(op, facts, err)
	}
	if cause := ctx.Err(); cause != nil && !errors.Is(err, cause) {
		err = withCause(op, cause, err)
	}
	if c.tx != nil && SQLState(err) != "25P02" {
		c.tx.settings.LastError = err
	}
	return err
}

// demoted reports an error that says that the server is not the primary any more: it refuses a write in a session that is
// not read-only by somebody's wish, or it is going through a crash.
func (c *Conn) demoted(e *pq.Error) bool {
	switch e.Code {
	case "57P02", "57P03": // crash_shutdown, cannot_connect_now
		return true
	case "25006": // read_only_sql_transaction
		return (c.tx == nil || !c.tx.opts.ReadOnly) && c.wire.parameters["default_transaction_read_only"] != "on"
	}
	return false
}

// withCause puts the context's error before the one that it led to.
func withCause(op string, cause, err error) error {
	if unknown, ok := err.(*StatementUnknownError); ok { //nolint:errorlint // made by fail itself a moment ago
		return &StatementUnknownError{Op: op, Err: fmt.Errorf("%w (%w)", cause, unknown.Err)}
	}
	return fmt.Errorf("%s: %w (%w)", op, cause, err)
}

// isLost reports whether err, or the state in which a statement left the connection, means that it is of no more use.
func (c *Conn) isLost(err error) bool {
	if c.wire.broken() != nil || errors.Is(err, driver.ErrBadConn) || !c.pq.IsValid() {
		return true
	}
	e, ok := errors.AsType[*pq.Error](err)
	return ok && e.Fatal()
}

// afterLoss tells what the loss of the connection means for the statement.
func (c *Conn) afterLoss(op string, facts textFacts, err error) error {
	said := c.wire.lastError
	if said != nil && !ambiguous(said) && !c.wire.failed { // the server refused the statement, and then the connection went
		c.cut.Store(true)
		return said
	}
	lost := c.lostBy(op, err)
	if facts.reads || !c.working || c.tx != nil && !facts.mayEnd { // a COMMIT hidden in a text may have happened
		return lost
	}
	return &StatementUnknownError{Op: op, Err: lost}
}

// lostBy makes the error of a lost connection, with what the server said last, if it said anything.
func (c *Conn) lostBy(op string, err error) error {
	c.cut.Store(true)
	switch broken := c.wire.broken(); {
	case c.wire.lastError != nil:
		err = c.wire.lastError
	case broken != nil:
		err = broken
	}
	if errors.Is(err, io.EOF) || errors.Is(err, driver.ErrBadConn) {
		err = errClosedByServer
	}
	return &ConnectionError{Op: op, Address: c.owner.address, Err: err}
}

// lost is lostBy for a connection that was found to be gone before anything was sent.
func (c *Conn) lost(op string) error {
	if c.wire.broken() == nil && c.cut.Load() {
		return &ConnectionError{Op: op, Address: c.owner.address, Err: errCutOff}
	}
	return c.lostBy(op, errClosedByServer)
}
