package database_test

import (
	"context"
	"database/sql"
	"errors"
	"maps"
	"net"
	"os"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
)

// full is `make chaos`: more operations, more faults, and faults of a server of the suite's own. Without it the same plans are
// walked once, with fewer operations between the faults.
var full = os.Getenv("PLINTH_CHAOS") == "full"

const (
	chaosLanes   = 8
	chaosWorkers = 7 // more than the connections that a pool keeps, so that connections come and go

	chaosCommitTimeout = 4 * time.Second         // half of it for the answer, which a busy machine must be able to give
	chaosShort         = 600 * time.Millisecond  // an operation's context where the network is silent
	chaosTimeout       = 30 * time.Second        // and everywhere else
	chaosGrace         = 1250 * time.Millisecond // 250 ms, and a second for a busy machine with the race detector
)

// errUndone is the deliberate failure of a chaos transaction.
var errUndone = errors.New("undone on purpose")

// chaosSubject is a pool as a service has it.
type chaosSubject struct {
	db   *entDB
	rows int
	tx   func(ctx context.Context, tx *ent.Tx, token string) error // nil is an INSERT for each row
	opts []database.TxOption
	n    atomic.Int64
}

// Insert implements [chaos.Subject].
func (s *chaosSubject) Insert(ctx context.Context, token string) error {
	return s.db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error { return s.insert(ctx, tx, token) }, s.opts...)
}

func (s *chaosSubject) insert(ctx context.Context, tx *ent.Tx, token string) error {
	if s.tx != nil {
		return s.tx(ctx, tx, token)
	}
	for part := 1; part <= s.rows; part++ {
		if _, err := tx.ExecContext(ctx, chaos.Insert, token, part); err != nil {
			return err
		}
	}
	return nil
}

// Abort implements [chaos.Aborter]: by fn's error, and by a statement that fails.
func (s *chaosSubject) Abort(ctx context.Context, token string) error {
	return s.db.WithTx(ctx, func(ctx context.Context, tx *ent.Tx) error {
		if err := s.insert(ctx, tx, token); err != nil {
			return err
		}
		if s.n.Add(1)%2 == 0 {
			return errUndone
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO tokens (token, part) VALUES ($1, NULL)", token)
		return errors.Join(err, errUndone)
	}, s.opts...)
}

// Unknown implements [chaos.Subject].
func (s *chaosSubject) Unknown(err error) bool {
	_, ok := errors.AsType[*database.CommitUnknownError](err)
	return ok
}

// chaosAutocommit inserts with a statement by itself, as Ent's single mutations do.
type chaosAutocommit struct{ db *entDB }

// Insert implements [chaos.Subject].
func (s *chaosAutocommit) Insert(ctx context.Context, token string) error {
	_, err := s.db.Client().ExecContext(ctx, chaos.Insert, token, 1)
	return err
}

// Unknown implements [chaos.Subject].
func (s *chaosAutocommit) Unknown(err error) bool {
	_, ok := errors.AsType[*database.StatementUnknownError](err)
	return ok
}

// chaosRun is a runner on a database of its own, with one pool for each lane.
type chaosRun struct {
	*chaos.Runner
	direct *sql.DB
	pools  []*entDB
	cfg    database.Config // of each pool, but for the URL
	socket string          // the server's, if the proxies are to use it
}

// newChaos makes pools on default settings, but for the timeouts that decide how long a test takes.
func newChaos(t *testing.T, url string, lanes, rows int, subject func(*entDB) chaos.Subject) *chaosRun {
	t.Helper()
	direct, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { direct.Close() })
	if _, err := direct.ExecContext(t.Context(), chaos.Table); err != nil {
		t.Fatal(err)
	}
	cfg := database.DefaultConfig()
	cfg.RetryDelay, cfg.CommitTimeout = 10*time.Millisecond, chaosCommitTimeout
	r := &chaosRun{direct: direct, cfg: cfg, Runner: &chaos.Runner{
		Workers: chaosWorkers, Rows: rows, Timeout: chaosTimeout, Short: chaosShort, Grace: chaosGrace + chaosCommitTimeout,
		Patience: 10 * time.Second, Least: 1, Most: 60,
	}}
	if full {
		r.Least = 8
	}
	r.findSocket(t)
	for range lanes {
		r.addLane(t, url, subject)
	}
	return r
}

// findSocket saves most of the time of a run with many connections: with the race detector, the computations of one login with a
// password take longer than ten transactions, and on its Unix socket a local server of ours asks for none.
func (r *chaosRun) findSocket(t *testing.T) {
	t.Helper()
	var path string
	err := r.direct.QueryRowContext(t.Context(), `SELECT split_part(current_setting('unix_socket_directories'), ',', 1)
		|| '/.s.PGSQL.' || current_setting('port')`).Scan(&path)
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.Dial("unix", path); err == nil { // not of another machine or container
		conn.Close()
		r.socket = path
	}
}

func (r *chaosRun) addLane(t *testing.T, url string, subject func(*entDB) chaos.Subject) {
	t.Helper()
	proxy, via, err := chaos.Through(url, chaos.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { proxy.Close() })
	if r.socket != "" {
		proxy.Switch("unix", r.socket)
	}
	cfg := r.cfg
	cfg.URL = via
	db, err := database.Open(t.Context(), cfg, newClient)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.close(t) })
	r.pools = append(r.pools, db)
	r.Lanes = append(r.Lanes, chaos.Lane{Proxy: proxy, Subject: subject(db)})
}

func (r *chaosRun) close(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	for _, db := range r.pools {
		if err := db.Close(ctx); err != nil {
			t.Error(err)
		}
	}
	r.pools = nil
}

// verify ends the run and fails the test if anything is lost, doubled, torn or there although it was reported as failed, if
// anything outlived its context, or if a fault found no place.
func (r *chaosRun) verify(t *testing.T) *chaos.Report {
	t.Helper()
	r.close(t)
	for _, lane := range r.Lanes {
		lane.Proxy.Close()
	}
	report, err := r.Verify(context.Background(), r.direct)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(report)
	if report.Wrong()+report.Hung+report.Late > 0 {
		t.Error("a transaction was lost, doubled or torn, or outlived its context")
	}
	if report.NotReached != nil {
		t.Error("not every fault has struck")
	}
	return report
}

// plan lists every fault for what the workload sends and gets, after making sure that it sends and gets what it must. Pings are
// left out: how long connections lie idle is a matter of how busy the machine is. See TestChaosPings.
func (r *chaosRun) plan(t *testing.T, must ...chaos.Kind) []chaos.Chain {
	t.Helper()
	seen := r.Record(t.Context(), 20)
	maps.DeleteFunc(seen, func(k chaos.Kind, _ int) bool { return k.Verb == chaos.Ping })
	usual := chaos.Usual(seen, chaosLanes)
	if err := chaos.Lacking(usual, must...); err != nil {
		t.Fatal(err)
	}
	return chaos.Plan(usual)
}

// mustStatement are messages that every statement with arguments brings about; mustTransaction those of a transaction
// and of a connection's end, mustLogin those of its beginning.
var (
	mustStatement = []chaos.Kind{
		{From: chaos.Client, Name: "Parse", Verb: chaos.Write},
		{From: chaos.Client, Name: "Bind", Verb: chaos.Write},
		{From: chaos.Client, Name: "Describe", Verb: chaos.Write},
		{From: chaos.Client, Name: "Execute", Verb: chaos.Write},
		{From: chaos.Client, Name: "Sync", Verb: chaos.Write},
		{From: chaos.Server, Name: "ParseComplete"},
		{From: chaos.Server, Name: "BindComplete", Verb: chaos.Write},
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Write},
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Write},
	}
	mustTransaction = append([]chaos.Kind{
		{From: chaos.Client, Name: "Query", Verb: chaos.Commit},
		{From: chaos.Client, Name: "Query", Verb: chaos.Rollback},
		{From: chaos.Client, Name: "Terminate"},
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Begin},
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Commit},
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Rollback},
		{From: chaos.Server, Name: "ErrorResponse"},
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Commit},
		{From: chaos.Server, Name: "ReadyForQuery", Verb: chaos.Rollback},
	}, mustStatement...)
	mustLogin = []chaos.Kind{
		{From: chaos.Client, Name: "Startup"},
		{From: chaos.Client, Name: "Password"},
		{From: chaos.Server, Name: "AuthenticationOk"},
		{From: chaos.Server, Name: "ParameterStatus"},
		{From: chaos.Server, Name: "BackendKeyData"},
		{From: chaos.Server, Name: "ReadyForQuery"},
	}
)
