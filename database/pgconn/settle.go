package pgconn

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// commitRef is what is known of a transaction whose COMMIT was sent: enough to find out later what became of it.
type commitRef struct {
	xid         string // with its epoch, so that it is never reused on one timeline without a crash
	timeline    string // eight hexadecimal digits
	pid         string // of the backend, behind a pooler the server's own
	incarnation string // see identify
	since       string // a moment of the server's clock not after BEGIN and in the same incarnation
	system      string
}

// identifyColumns are what identifies a transaction for later.
//
// The statistics of the background writer are reset by every recovery from a crash, and by nothing but that and a
// superuser's wish: the moment of their reset tells one life of the server from the next (PostgreSQL manual,
// section 28.2; src/backend/utils/activity/pgstat.c, pgstat_discard_stats). pg_postmaster_start_time does not: the
// postmaster lives on when a backend crashes.
const (
	identifyColumns = 3
	identify        = `SELECT pg_catalog.pg_current_xact_id(), pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8), pg_catalog.pg_backend_pid()`
	// Behind a pooler each transaction may run on another server connection.
	identifyPooled = identify + `, pg_catalog.pg_stat_get_bgwriter_stat_reset_time()::text, pg_catalog.clock_timestamp()::text`
)

func newCommitRef(row []string, s *server) commitRef {
	if len(row) < identifyColumns {
		return commitRef{}
	}
	ref := commitRef{xid: row[0], timeline: row[1], pid: row[2], incarnation: s.incarnation, since: s.since, system: s.system}
	if len(row) >= 5 {
		ref.incarnation, ref.since = row[3], row[4]
	}
	return ref
}

var digits = regexp.MustCompile(`^[0-9]+$`)

func (r commitRef) usable() bool { return digits.MatchString(r.xid) && digits.MatchString(r.pid) }

// answerShare is the part of the commit timeout in which the answer itself is waited for; the rest is for settling.
func answerShare(commitTimeout time.Duration) time.Duration { return commitTimeout / 2 }

// settle finds out what became of a COMMIT that was sent at start and whose answer was lost. Its result is Commit's.
func (s *settler) settle(ctx context.Context, start time.Time, ref commitRef, readOnly bool, settings *TxSettings, lost error) error {
	ctx, cancel := context.WithDeadline(context.WithoutCancel(ctx), start.Add(s.timeout))
	defer cancel()
	out, reason := unsettled, error(nil)
	switch {
	case readOnly: // whether it happened makes no difference
		out = aborted
	case ref.usable():
		out, reason = s.byID(ctx, ref)
	default:
		reason = errors.New("the server does not tell transaction ids")
	}
	if out == unsettled && settings.Decide != nil {
		committed, err := settings.Decide(ctx)
		switch {
		case err != nil:
			reason = errors.Join(reason, fmt.Errorf("the callback that decides: %w", err))
		case committed:
			out = happened
		default:
			out = aborted
		}
	}
	switch out {
	case happened:
		settings.Settled = true
		return nil
	case aborted:
		settings.Settled = true
		return lost
	}
	settings.Unknown = &CommitUnknownError{
		Label: settings.Label, Attempt: settings.Attempt, XID: ref.xid, Timeline: ref.timeline, Reason: reason, Err: lost,
	}
	return settings.Unknown
}

type outcome int

const (
	unsettled outcome = iota
	happened
	aborted
)

// connectPause is the least time between two attempts of a settler to connect.
const connectPause = 150 * time.Millisecond

// settlers bounds how many connections are open for settling at a time.
const settlers = 4

// settler finds out what became of transactions, on connections of its own.
type settler struct {
	connect func(context.Context) (witness, error)
	places  chan struct{} // one for each connection
	timeout time.Duration // of a COMMIT from its sending on
}

func newSettler(timeout time.Duration, connect func(context.Context) (witness, error)) *settler {
	return &settler{connect: connect, places: make(chan struct{}, settlers), timeout: timeout}
}

// byID asks the server until it knows or ctx ends; then the reason says what the last try came to.
func (s *settler) byID(ctx context.Context, ref commitRef) (outcome, error) {
	select {
	case s.places <- struct{}{}:
		defer func() { <-s.places }()
	case <-ctx.Done():
		return unsettled, fmt.Errorf("too many outcomes are being settled: %w", ctx.Err())
	}
	var w witness
	defer func() {
		if w != nil {
			_ = w.Close()
		}
	}()
	for pause := 2 * time.Millisecond; ; pause = min(2*pause, 100*time.Millisecond) {
		out, err := s.try(ctx, &w, ref)
		if out != unsettled || errors.Is(err, errUndecidable) {
			return out, err
		}
		select {
		case <-ctx.Done():
			return unsettled, err
		case <-time.After(pause):
		}
	}
}

// errUndecidable is in the chain of reasons that time does not change.
var errUndecidable = errors.New("the outcome cannot be told")

func undecidable(format string, args ...any) error {
	return fmt.Errorf("%w: %s", errUndecidable, fmt.Sprintf(format, args...))
}

// try asks once, on *w or on a new connection, which stays there as long as it can be used.
func (s *settler) try(ctx context.Context, w *witness, ref commitRef) (outcome, error) {
	if *w == nil {
		made, err := s.connect(ctx)
		if err != nil {
			select { // a server that is away is not dialled faster than this
			case <-time.After(connectPause):
			case <-ctx.Done():
			}
			return unsettled, err
		}
		*w = made
	}
	e, err := gather(ctx, *w, ref)
	out := unsettled
	if err == nil {
		out, err = judge(ref, e)
	}
	if out == unsettled && err == nil {
		err = s.endBackend(ctx, *w, ref)
	}
	if err != nil && SQLState(err) == "" && is[*ConnectionError](err) {
		_ = (*w).Close()
		*w = nil
	}
	return out, err
}

// evidence is what the server says when it is asked about a transaction.
type evidence struct {
	system, timeline, incarnation string
	recovering                    bool
	nextXID                       string // of the last checkpoint
	fresh                         bool   // the last checkpoint ended a recovery or a shutdown
	after                         bool   // it was made after commitRef.since
	status                        string // "committed", "aborted", "in progress", "future", or empty: too long ago
}

const (
	evidenceQuery = `SELECT s.system_identifier::text, pg_catalog.pg_is_in_recovery()::text,
CASE WHEN pg_catalog.pg_is_in_recovery() THEN '' ELSE pg_catalog.left(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_insert_lsn()), 8) END,
pg_catalog.pg_stat_get_bgwriter_stat_reset_time()::text, c.next_xid::text, (c.redo_lsn = c.checkpoint_lsn)::text, (c.checkpoint_time > '%s')::text
FROM pg_catalog.pg_control_system() s, pg_catalog.pg_control_checkpoint() c`
	statusQuery = `SELECT pg_catalog.pg_xact_status('%s')::text`
)

// witness is a connection that can be asked about a transaction.
type witness interface {
	// ask returns the first row as text, NULL as the empty string, and nil if there is none. An error that is the
	// server's has an SQLSTATE; after any other the witness is of no more use.
	ask(ctx context.Context, query string) ([]string, error)
	Close() error
}

func (c *Conn) ask(ctx context.Context, query string) ([]string, error) {
	defer c.guard(ctx)()
	c.wire.begin()
	r, err := c.wire.exchange(appendQuery(nil, query))
	switch {
	case err != nil:
		return nil, c.lostBy("settling", err)
	case r.err != nil && r.err.Fatal():
		return nil, c.lostBy("settling", r.err)
	case r.err != nil:
		return nil, r.err
	case len(r.rows) == 0:
		return nil, nil
	}
	return r.rows[0], nil
}

// gather asks for the evidence. The order matters: what the status is worth is told by what the server said before.
func gather(ctx context.Context, w witness, ref commitRef) (evidence, error) {
	since := ref.since
	if !timestamp.MatchString(since) {
		since = "infinity"
	}
	row, err := w.ask(ctx, fmt.Sprintf(evidenceQuery, since))
	if err == nil && len(row) != 7 {
		err = errMalformed
	}
	if err != nil {
		return evidence{}, err
	}
	e := evidence{
		system: row[0], recovering: row[1] == "true", timeline: row[2], incarnation: row[3],
		nextXID: row[4], fresh: row[5] == "true", after: row[6] == "true",
	}
	switch status, err := w.ask(ctx, fmt.Sprintf(statusQuery, ref.xid)); {
	case SQLState(err) == "22023": // "transaction ID is in the future", src/backend/utils/adt/xid8funcs.c
		e.status = "future"
	case err != nil:
		return evidence{}, err
	case len(status) > 0:
		e.status = status[0]
	}
	return e, nil
}

var timestamp = regexp.MustCompile(`^[0-9 :.+-]+$`)

// judge draws the conclusion. unsettled without an error means that asking again can help.
//
// A transaction id is reused after a crash if nothing with that id had reached the disk, and after the promotion of a
// standby that lagged behind. pg_xact_status then tells of somebody else's transaction.
func judge(ref commitRef, e evidence) (outcome, error) {
	switch {
	case e.system != ref.system:
		return unsettled, undecidable("another database cluster answers")
	case e.recovering:
		return unsettled, errors.New("the server is a standby or recovering")
	case e.timeline != ref.timeline:
		return unsettled, undecidable("the server was promoted or restored (timeline %s, was %s), so its transaction ids tell nothing", e.timeline, ref.timeline)
	case e.status == "aborted", e.status == "future":
		// True after a crash, too: had the transaction been committed, its id could not have been given out again.
		return aborted, nil
	case ref.incarnation != "" && e.incarnation == ref.incarnation:
		return judgeAlive(e)
	}
	return judgeAfterCrash(ref, e)
}

func judgeAlive(e evidence) (outcome, error) {
	switch e.status {
	case "committed":
		return happened, nil
	case "in progress":
		return unsettled, nil
	}
	return unsettled, undecidable("the transaction is too long ago for the server to tell")
}

// judgeAfterCrash tells what can be told after a crash. The checkpoint at the end of a recovery holds the first id that is
// given out afterwards; a later one hides it.
func judgeAfterCrash(ref commitRef, e evidence) (outcome, error) {
	reused := !below(ref.xid, e.nextXID)
	switch {
	case e.fresh && reused && e.after:
		return aborted, nil // the id on disk is somebody else's
	}
	// Committed, and the last checkpoint knows the id: true if this was the only crash since the transaction began, which
	// nothing tells.
	return unsettled, undecidable("the server has crashed and recovered since the transaction began, and its id may have been given out again")
}

// below reports whether the id comes before the control file's next one, which has the form epoch:id.
func below(xid, next string) bool {
	id, err := strconv.ParseUint(xid, 10, 64)
	if err != nil {
		return false
	}
	var epoch, low uint64
	if _, err := fmt.Sscanf(next, "%d:%d", &epoch, &low); err != nil {
		return false
	}
	return id < epoch<<32+low
}

const endBackendQuery = `SELECT a.state, CASE WHEN a.state LIKE 'idle%%' OR %t THEN pg_catalog.pg_terminate_backend(a.pid)::text END
FROM pg_catalog.pg_stat_activity a WHERE a.pid = %s AND a.backend_xid = '%s'::text::pg_catalog.xid8::pg_catalog.xid`

// endBackend ends the backend that holds the transaction: at once if it is idle, for then COMMIT never reached it, and it may
// hold its locks for hours; if it is at work, as on a COMMIT that waits for a standby, when only a quarter of the time is
// left. The error tells what is being waited for.
func (s *settler) endBackend(ctx context.Context, w witness, ref commitRef) error {
	deadline, _ := ctx.Deadline()
	last := time.Until(deadline) < s.timeout/4
	row, err := w.ask(ctx, fmt.Sprintf(endBackendQuery, last, ref.pid, ref.xid))
	switch {
	case err != nil:
		return err
	case len(row) > 0:
		return fmt.Errorf("the server has not finished the transaction (backend %s is %s)", ref.pid, row[0])
	}
	return errors.New("the server has not finished the transaction")
}
