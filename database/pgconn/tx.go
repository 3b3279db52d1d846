package pgconn

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// TxSettings are what a transaction can have beyond database/sql's own options, and what it tells afterwards.
// The layer above puts one into the context of BeginTx with [WithTxSettings]; the fields that it fills must be
// read only after Commit or Rollback returned.
type TxSettings struct {
	Label            string        // for errors
	Attempt          int           // for errors; 1 for the first
	Deferrable       bool          // with isolation serializable and read-only: waits for a safe snapshot
	StatementTimeout time.Duration // SET LOCAL statement_timeout; 0 leaves the session's
	LockTimeout      time.Duration // SET LOCAL lock_timeout; 0 leaves the session's
	Role             string        // SET LOCAL ROLE; empty leaves the session's
	Variables        []Variable    // SET LOCAL, in this order

	// Decide is asked about a COMMIT whose answer was lost where the server cannot tell. Nil is never asked.
	Decide func(ctx context.Context) (committed bool, err error)

	// CommitSent is set before COMMIT is handed to the network.
	CommitSent bool
	// Settled tells that COMMIT's answer was lost and that the outcome, which Commit's result tells, was found out.
	Settled bool
	// Unknown is Commit's error if the outcome could not be found out, else nil.
	Unknown *CommitUnknownError
	// Stale tells that the transaction failed because a prepared statement did not fit the tables any more; it can be
	// run again at once.
	Stale bool
	// LastError is the last error of a statement in the transaction, other than in_failed_sql_transaction, which
	// only says that there was one before.
	LastError error

	taken bool // a transaction has been begun with them; one that its hooks begin under the same context is another
}

// Variable is a server setting and its value for one transaction. The value travels as a parameter, not in the text.
type Variable struct{ Name, Value string }

type txSettingsKey struct{}

// WithTxSettings hands s to the BeginTx that runs under the returned context.
func WithTxSettings(ctx context.Context, s *TxSettings) context.Context {
	return context.WithValue(ctx, txSettingsKey{}, s)
}

// settingsIn returns the TxSettings of a context, or new ones.
func settingsIn(ctx context.Context) *TxSettings {
	if s, _ := ctx.Value(txSettingsKey{}).(*TxSettings); s != nil && !s.taken {
		return s
	}
	return &TxSettings{}
}

// ErrCommitRolledBack is returned by Commit when the server rolled back, because a statement in the transaction
// had failed.
var ErrCommitRolledBack = errors.New("the server answered COMMIT with ROLLBACK, because a statement in the transaction had failed")

// transaction is what Conn knows of the transaction that is open on it. It is the [driver.Tx], too.
type transaction struct {
	conn       *Conn
	ctx        context.Context // of BeginTx, which covers the whole transaction
	settings   *TxSettings
	opts       driver.TxOptions
	started    bool  // the server has answered BEGIN
	statements int   // that have been run in it, whatever came of them
	over       error // why nothing can be run in it any more
	byHand     bool  // a statement ended it
	stale      *cachedStatement
	ref        commitRef
}

// BeginTx implements [driver.ConnBeginTx]. BEGIN, with everything that the settings ask for and the question for the
// transaction's id, goes out with the first statement, in one Sync unit, so that a statement is never run outside the
// transaction; errors of BEGIN come with that statement. It says nothing of READ WRITE, unlike lib/pq's, which
// overrides default_transaction_read_only that way (lib/pq v1.12.3, conn_go18.go:69-73).
func (c *Conn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	settings := settingsIn(ctx)
	begin, err := settings.begin(opts)
	if err != nil {
		return nil, err
	}
	if !c.IsValid() {
		return nil, driver.ErrBadConn // nothing was sent
	}
	if c.tx != nil || c.wire.state != stateIdle {
		return nil, errors.New("begin: a transaction is open on this connection already; end it first")
	}
	settings.taken = true
	c.tx = &transaction{conn: c, ctx: ctx, settings: settings, opts: opts}
	c.arm(begin)
	if c.owner.opts.EagerBegin {
		defer c.guard(ctx)()
		c.wire.begin()
		if err := c.flush(); err != nil {
			lost := c.fail(ctx, "begin", textFacts{}, err)
			c.tx = nil
			return nil, lost
		}
	}
	return c.tx, nil
}

// Begin completes [driver.Conn]; database/sql calls BeginTx.
func (c *Conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

// begin is the text of BEGIN.
func (s *TxSettings) begin(opts driver.TxOptions) (string, error) {
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
	if modes == nil {
		return "BEGIN", nil
	}
	return "BEGIN " + strings.Join(modes, ", "), nil
}

// variables are the settings that are local to the transaction.
func (s *TxSettings) variables() []Variable {
	list := make([]Variable, 0, 3+len(s.Variables))
	for _, timeout := range []struct {
		name  string
		value time.Duration
	}{{"statement_timeout", s.StatementTimeout}, {"lock_timeout", s.LockTimeout}} {
		if timeout.value > 0 {
			list = append(list, Variable{timeout.name, milliseconds(timeout.value)})
		}
	}
	list = append(list, s.Variables...)
	if s.Role != "" {
		list = append(list, Variable{"role", s.Role})
	}
	return list
}

// milliseconds is the unit that PostgreSQL takes; less than one is rounded up, as 0 means none.
func milliseconds(d time.Duration) string {
	return strconv.FormatInt(int64((d+time.Millisecond-1)/time.Millisecond), 10)
}

const setLocal = "SELECT pg_catalog.set_config($1, $2, true)"

// arm puts BEGIN and what belongs to it before the next statement.
func (c *Conn) arm(begin string) {
	c.wire.begun, c.wire.ended = false, false
	c.pending = c.pending[:0]
	c.addOwn(begin, "C")
	if c.server.tellsID() && !c.tx.opts.ReadOnly {
		c.addOwn(c.server.identify, "DC")
	}
	for _, v := range c.tx.settings.variables() {
		c.addOwn(setLocal, "DC", v.Name, v.Value)
	}
}

// addOwn appends a statement of our own to the prefix, prepared under a name of its own where that lasts.
func (c *Conn) addOwn(text, answers string, args ...string) {
	p := &c.wire.prefix
	name, prepared := c.own[text]
	for _, s := range c.pending {
		if s.text == text && s.name != "" { // twice in one prefix
			name, prepared = s.name, true
		}
	}
	if !prepared {
		if !c.server.oneUnit {
			c.named++
			name = "plinth_" + strconv.Itoa(c.named)
		}
		p.messages = appendParse(p.messages, name, text)
		p.expect = append(p.expect, msgParseComplete)
		c.pending = append(c.pending, ownStatement{text, name})
	}
	p.messages = appendBindExecute(p.messages, name, args...)
	p.expect = append(append(p.expect, msgBindComplete), answers...)
}

// noteBegun keeps what the answers to the prefix tell, once they are here.
func (c *Conn) noteBegun() {
	t := c.tx
	if t == nil || t.started || !c.wire.begun || t.over != nil {
		return
	}
	if c.wire.failed || c.wire.broken() != nil || len(c.wire.expect) > 0 {
		if c.wire.ready.Load() && c.wire.failed {
			t.over = fmt.Errorf("the transaction could not begin: %w", c.wire.lastError)
		}
		c.keepOwn(c.wire.parsed)
		return
	}
	t.started, c.wire.watch = true, true
	c.keepOwn(len(c.pending))
	if c.server.tellsID() && !t.opts.ReadOnly && len(c.wire.rows) > 0 {
		t.ref = newCommitRef(c.wire.rows[0], c.server)
	}
}

// keepOwn remembers which statements of ours the server has prepared.
func (c *Conn) keepOwn(parsed int) {
	for _, s := range c.pending[:min(parsed, len(c.pending))] {
		if s.name != "" {
			c.own[s.text] = s.name
		}
	}
	c.pending = c.pending[:0]
}

// flush sends BEGIN by itself.
func (c *Conn) flush() error {
	r, err := c.wire.flush()
	if err == nil && r.err != nil {
		c.wire.failed = true
		err = r.err
	}
	c.noteBegun()
	return err
}

// Commit implements [driver.Tx]. The wait for the answer is bounded by the connector's commit timeout, not by the
// context: a COMMIT that was sent is not called back. If the answer is lost the outcome is settled within the same
// bound; Commit then returns nil if the transaction has happened, a *[ConnectionError] if it has not, and a
// *[CommitUnknownError] if that could not be found out.
func (t *transaction) Commit() error {
	c := t.conn
	defer t.end()
	if c.copying { // lib/pq reads in a goroutine of its own; without an end of the COPY the server rolls back
		c.cut.Store(true)
		return errCopyOpen
	}
	if !c.IsValid() { // cut by an earlier operation's context: the server rolls back, and must not hear COMMIT
		return c.lost("transaction")
	}
	switch {
	case c.rows != nil:
		c.cut.Store(true)
		return errRowsOpen
	case t.byHand:
		c.cut.Store(true)
		return errEndedByHand
	case t.over != nil:
		return t.over
	case !t.started: // nothing was done in it
		return nil
	case c.wire.state == stateFailed:
		if err := t.Rollback(); err != nil {
			return err
		}
		return ErrCommitRolledBack
	}
	return t.commit()
}

func (t *transaction) commit() error {
	c := t.conn
	start := time.Now()
	release := c.within(answerShare(c.owner.opts.CommitTimeout))
	t.settings.CommitSent = true
	c.wire.begin()
	r, err := c.wire.exchange(commitMessage)
	release()
	switch {
	case err != nil:
		return c.owner.settler.settle(t.ctx, start, t.ref, t.opts.ReadOnly, t.settings, c.lostBy("commit", err))
	case r.err == nil && r.tag == "COMMIT":
		return nil
	case r.err == nil:
		return ErrCommitRolledBack
	case ambiguous(r.err):
		c.cut.Store(true)
		lost := &ConnectionError{Op: "commit", Address: c.owner.address, Err: r.err}
		return c.owner.settler.settle(t.ctx, start, t.ref, t.opts.ReadOnly, t.settings, lost)
	}
	return r.err
}

var commitMessage = appendQuery(nil, "COMMIT")

// ambiguous reports whether an error that answers COMMIT leaves its outcome open: poolers speak so for a dead server
// (class 08), and 40003 is statement_completion_unknown (PostgreSQL, src/backend/utils/errcodes.txt).
func ambiguous(e *pq.Error) bool {
	state := e.SQLState()
	return strings.HasPrefix(state, "08") || state == "40003" || e.Fatal()
}

// Rollback implements [driver.Tx]. Once the context of BeginTx has ended it waits no longer than the grace that every
// cancelled operation has.
func (t *transaction) Rollback() error {
	c := t.conn
	defer t.end()
	if c.copying {
		c.cut.Store(true)
		return nil // the connection is closed, and the server rolls back
	}
	if !c.IsValid() {
		return c.lost("rollback")
	}
	if !t.started && !c.wire.begun || c.wire.state == stateIdle && c.wire.ready.Load() {
		return nil
	}
	defer c.within(answerTimeout)()
	defer c.guard(t.ctx)()
	c.wire.begin()
	c.wire.watch = false
	r, err := c.wire.exchange(appendQuery(nil, "ROLLBACK"))
	if err == nil && r.err != nil {
		err = r.err
	}
	if err != nil {
		c.cut.Store(true)
		return c.lostBy("rollback", err)
	}
	t.judgeStale()
	return nil
}

// end leaves the connection without a transaction. What was to be sent with its first statement is not sent.
func (t *transaction) end() {
	if t.conn.tx != t {
		return
	}
	t.conn.tx = nil
	t.conn.wire.watch, t.conn.wire.ended = false, false
	if !t.conn.wire.begun {
		t.conn.wire.prefix = prefix{}
		t.conn.pending = t.conn.pending[:0]
	}
}
