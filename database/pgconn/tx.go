package pgconn

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/lib/pq"
)

// TxSettings are what a transaction can have beyond database/sql's own options, and what it tells afterwards.
// The layer above puts one into the context of BeginTx with [WithTxSettings]; the fields that it fills must be
// read only after Commit or Rollback returned.
type TxSettings struct {
	Deferrable       bool          // with isolation serializable and read-only: waits for a safe snapshot
	StatementTimeout time.Duration // SET LOCAL statement_timeout; 0 leaves the session's
	LockTimeout      time.Duration // SET LOCAL lock_timeout; 0 leaves the session's

	// CommitSent is set before COMMIT is handed to the network. With an error from Commit that is no error of the
	// server's, it means that the outcome is unknown.
	CommitSent bool
	// LastError is the last error of a statement in the transaction, other than in_failed_sql_transaction, which
	// only says that there was one before.
	LastError error
}

type txSettingsKey struct{}

// WithTxSettings hands s to the BeginTx that runs under the returned context.
func WithTxSettings(ctx context.Context, s *TxSettings) context.Context {
	return context.WithValue(ctx, txSettingsKey{}, s)
}

// ErrCommitRolledBack is returned by Commit when the server rolled back, because a statement in the transaction
// had failed.
var ErrCommitRolledBack = errors.New("the server answered COMMIT with ROLLBACK, because a statement in the transaction had failed")

// answerTimeout bounds ROLLBACK while its context lives, and the end of a prepared statement. Without an answer the
// connection is dropped, which makes the server roll back as well.
const answerTimeout = 5 * time.Second

// BeginTx implements [driver.ConnBeginTx]. It uses lib/pq's plain BEGIN, which checks that no transaction is open;
// lib/pq's BeginTx adds READ WRITE and so overrides default_transaction_read_only (conn_go18.go:69-73).
func (c *Conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	settings, _ := ctx.Value(txSettingsKey{}).(*TxSettings)
	if settings == nil {
		settings = &TxSettings{}
	}
	modes, err := settings.statements(opts)
	if err != nil {
		return nil, err
	}
	defer c.guard(ctx)()
	inner, err := c.inner.Begin()
	if err != nil {
		return nil, c.fail(ctx, "begin", err)
	}
	c.tx = settings
	if modes != "" {
		if _, err := c.inner.ExecContext(ctx, modes, nil); err != nil {
			c.broken.Store(true) // inside a transaction that database/sql does not know of
			return nil, c.fail(ctx, "begin", err)
		}
	}
	return &tx{conn: c, inner: inner, ctx: ctx, settings: settings}, nil
}

// Begin completes [driver.Conn]; database/sql calls BeginTx.
func (c *Conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (s *TxSettings) statements(opts driver.TxOptions) (string, error) {
	var modes []string
	switch level := sql.IsolationLevel(opts.Isolation); level {
	case sql.LevelDefault:
	case sql.LevelReadUncommitted, sql.LevelReadCommitted, sql.LevelRepeatableRead, sql.LevelSerializable:
		modes = append(modes, "ISOLATION LEVEL "+strings.ToUpper(level.String()))
	case sql.LevelSnapshot:
		modes = append(modes, "ISOLATION LEVEL REPEATABLE READ") // PostgreSQL's is snapshot isolation: manual 13.2.2
	default:
		return "", fmt.Errorf("isolation level %s is not known to PostgreSQL; use read committed, repeatable read or serializable", level)
	}
	if opts.ReadOnly {
		modes = append(modes, "READ ONLY")
	}
	if s.Deferrable {
		modes = append(modes, "DEFERRABLE")
	}
	var list []string
	if len(modes) > 0 {
		list = append(list, "SET TRANSACTION "+strings.Join(modes, ", "))
	}
	for _, timeout := range []struct {
		name  string
		value time.Duration
	}{{"statement_timeout", s.StatementTimeout}, {"lock_timeout", s.LockTimeout}} {
		if timeout.value > 0 {
			ms := (timeout.value + time.Millisecond - 1) / time.Millisecond
			list = append(list, fmt.Sprintf("SET LOCAL %s = %d", timeout.name, int64(ms)))
		}
	}
	return strings.Join(list, "; "), nil
}

type tx struct {
	conn     *Conn
	inner    driver.Tx
	ctx      context.Context // of BeginTx, which covers the whole transaction
	settings *TxSettings
}

// Commit implements [driver.Tx]. The wait for the answer is bounded by the connector's commit timeout, not by the
// context: a COMMIT that was sent is not called back.
func (t *tx) Commit() error {
	if !t.conn.IsValid() { // cut by an earlier operation's context: the server rolls back, and must not hear COMMIT
		return &ConnectionError{Op: "transaction", Address: t.conn.address, Err: errCutOff}
	}
	defer t.conn.within(t.conn.commitTimeout)()
	t.settings.CommitSent = true
	err := t.inner.Commit()
	if err == nil {
		t.conn.tx = nil
		return nil
	}
	if errors.Is(err, pq.ErrInFailedTransaction) {
		t.conn.tx = nil
		return ErrCommitRolledBack
	}
	if e, ok := errors.AsType[*pq.Error](err); ok && !ambiguous(e) {
		t.conn.tx = nil
		return err
	}
	t.conn.broken.Store(true)
	return t.conn.fail(context.Background(), "commit", err)
}

// ambiguous reports whether an error that answers COMMIT leaves its outcome open: poolers speak so for a dead server
// (class 08), and 40003 is statement_completion_unknown (PostgreSQL, src/backend/utils/errcodes.txt).
func ambiguous(e *pq.Error) bool {
	state := e.SQLState()
	return strings.HasPrefix(state, "08") || state == "40003"
}

// Rollback implements [driver.Tx]. Once the context of BeginTx has ended it waits no longer than the grace that every
// cancelled operation has.
func (t *tx) Rollback() error {
	defer t.conn.within(answerTimeout)()
	defer t.conn.guard(t.ctx)()
	err := t.inner.Rollback()
	if err != nil {
		t.conn.broken.Store(true)
		return t.conn.fail(context.Background(), "rollback", err)
	}
	t.conn.tx = nil
	return nil
}
