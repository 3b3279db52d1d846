package database_test

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"os"
	"runtime"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
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

// plan lists every fault for what the workload sends and gets, after making sure that it sends and gets what it must.
func (r *chaosRun) plan(t *testing.T, must ...chaos.Kind) []chaos.Chain {
	t.Helper()
	usual := chaos.Usual(r.Record(t.Context(), 20), chaosLanes)
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

// TestChaosLogin hurts every message of a connection's beginning, with a password.
func TestChaosLogin(t *testing.T) {
	url := pgtest.TestDatabase(t).URL()
	r := newChaos(t, url, 0, 1, nil)
	r.socket = ""
	for range chaosLanes {
		r.addLane(t, url, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	}
	r.Walk(t.Context(), chaos.Without(r.plan(t, mustLogin...), func(c chaos.Chain) bool { return !c[0].At.StartUp() }))
	r.verify(t)
	r.noneUnknown(t)
	r.noneFailed(t)
}

// TestChaosTransactions hurts every message of a transaction of two inserts in every way. With the server up nothing is unknown.
func TestChaosTransactions(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 2, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 2} })
	plan := chaos.Without(r.plan(t, mustTransaction...), func(c chaos.Chain) bool {
		return c[0].At.StartUp() || // see TestChaosLogin
			c.Has(chaos.Refuse) && c[0].At.Verb != chaos.Begin // only a whole request can be refused
	})
	before := r.usage(t)
	rounds := 1
	if full {
		rounds = 2
	}
	for range rounds {
		r.Walk(t.Context(), plan)
	}
	if full {
		seed := uint64(time.Now().UnixNano())
		t.Logf("random plan of seed %d", seed)
		r.Walk(t.Context(), chaos.RandomPlan(seed, 200, 60))
	}
	before.compare(t, r)
	report := r.verify(t)
	r.noneUnknown(t)
	r.noneFailed(t)
	if full && (report.Operations < 20_000 || report.Faults < 500) {
		t.Errorf("only %d transactions and %d faults", report.Operations, report.Faults)
	}
}

// noneUnknown: with the server up every outcome is found out.
func (r *chaosRun) noneUnknown(t *testing.T) {
	t.Helper()
	for _, e := range r.Ledger.Entries() {
		if e.Outcome == chaos.Unknown {
			t.Errorf("%s was not found out; armed: %s; error: %s", e.Token, e.Faults, e.Said)
		}
	}
}

// noneFailed: what was not undone on purpose was retried and came through, unless the network was silent until its context ended.
func (r *chaosRun) noneFailed(t *testing.T) {
	t.Helper()
	for _, e := range r.Ledger.Entries() {
		if e.Outcome == chaos.Failed && e.Rows > 0 && e.Harm != chaos.Swallow {
			t.Errorf("%s failed; armed: %s; error: %s", e.Token, e.Faults, e.Said)
		}
	}
}

// TestChaosSettling hurts the settling of an outcome as well. A question that is lost is asked again.
func TestChaosSettling(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 1, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	r.Walk(t.Context(), chaos.SettlePlan())
	r.Walk(t.Context(), chaos.StallPlan())
	r.verify(t)
	r.noneUnknown(t)
}

// TestChaosAutocommit: a statement by itself is never run twice, and what is not known is said to be unknown.
func TestChaosAutocommit(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 1, func(db *entDB) chaos.Subject { return &chaosAutocommit{db} })
	plan := chaos.Without(r.plan(t, mustStatement...), func(c chaos.Chain) bool { return c[0].At.StartUp() })
	r.Walk(t.Context(), plan)
	report := r.verify(t)
	if report.Unknown == 0 || report.UnknownThere == 0 || report.UnknownThere == report.Unknown {
		t.Error("the lost answers should be unknown, some of them there and some not")
	}
}

// TestChaosContention: transactions that read, think and write, serializable, all on one row, while connections are lost around
// their COMMIT. What they counted is what was acknowledged.
func TestChaosContention(t *testing.T) {
	count := func(ctx context.Context, tx *ent.Tx, token string) error {
		var n int
		rows, err := tx.QueryContext(ctx, "SELECT n FROM counter")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			if err := rows.Scan(&n); err != nil {
				return err
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE counter SET n = $1", n+1); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, chaos.Insert, token, 1)
		return err
	}
	var retried atomic.Int64
	r := newChaos(t, pgtest.TestDatabase(t).URL(), 2, 1, func(db *entDB) chaos.Subject {
		return &chaosSubject{db: db, rows: 1, tx: count, opts: []database.TxOption{
			database.Isolation(sql.LevelSerializable), database.MaxRetries(1000),
			database.OnAttempt(func(a database.Attempt) {
				if database.SQLState(a.Err) == "40001" {
					retried.Add(1)
				}
			}),
		}}
	})
	if _, err := r.direct.ExecContext(t.Context(), "CREATE TABLE counter (n int NOT NULL); INSERT INTO counter VALUES (0)"); err != nil {
		t.Fatal(err)
	}
	var plan []chaos.Chain
	for _, k := range []chaos.Kind{
		{From: chaos.Client, Name: "Query", Verb: chaos.Commit},
		{From: chaos.Server, Name: "CommandComplete", Verb: chaos.Commit},
		{From: chaos.Client, Name: "Execute", Verb: chaos.Write},
	} {
		plan = append(plan, chaos.Without(chaos.Plan([]chaos.Kind{k}), func(c chaos.Chain) bool { return c.Has(chaos.Swallow) })...)
	}
	r.Walk(t.Context(), plan)
	report := r.verify(t)
	var counted, there int
	if err := r.direct.QueryRow("SELECT n, (SELECT count(*) FROM tokens) FROM counter").Scan(&counted, &there); err != nil {
		t.Fatal(err)
	}
	if counted != there || there != report.Acknowledged || report.Unknown > 0 || retried.Load() == 0 {
		t.Errorf("counted %d, %d tokens, %d acknowledged, %d unknown, %d conflicts", counted, there, report.Acknowledged, report.Unknown, retried.Load())
	}
}

// TestChaosTerminatedBackends: the server is up, so every outcome is found out.
func TestChaosTerminatedBackends(t *testing.T) {
	r := newChaos(t, pgtest.TestDatabase(t).URL(), 2, 1, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	ended := 0
	err := r.During(t.Context(), "terminated backends", func(ctx context.Context) error {
		for ended < 100 {
			n, err := chaos.Terminate(ctx, r.direct, 4)
			if err != nil {
				return err
			}
			ended += n
			r.proceed(ctx, 30)
		}
		return nil
	}, chaosTimeout)
	if err != nil {
		t.Error(err)
	}
	r.verify(t)
	r.noneUnknown(t)
	t.Logf("%d backends were terminated", ended)
}

// proceed waits until so many more operations have ended, or ctx has.
func (r *chaosRun) proceed(ctx context.Context, operations int) {
	for until := len(r.Ledger.Entries()) + operations; len(r.Ledger.Entries()) < until && ctx.Err() == nil; {
		time.Sleep(time.Millisecond)
	}
}

// loseCommits makes the answers to the next n COMMITs of every lane get lost, so that outcomes are being settled when the server's
// turn comes.
func (r *chaosRun) loseCommits(n int, harm chaos.Harm) {
	for _, lane := range r.Lanes {
		for range n {
			lane.Proxy.Arm(chaos.Fault{At: chaos.Kind{From: chaos.Client, Name: "Query", Verb: chaos.Commit}, When: chaos.After, Harm: harm})
		}
	}
}

// newServerChaos is a run on a server of its own. The commit timeout is the default: a server needs time to come back.
func newServerChaos(t *testing.T) (*chaosRun, *chaos.Cluster) {
	t.Helper()
	if !full {
		t.Skip("PLINTH_CHAOS=full runs it")
	}
	bin, err := chaos.Binaries()
	if err != nil {
		t.Fatal(err)
	}
	c, err := chaos.NewCluster(t.Context(), bin)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	r := newChaos(t, c.URL(), 0, 1, nil)
	r.socket = "" // the cluster tells backends by their clients' TCP address, and asks for no password there
	r.cfg.CommitTimeout, r.cfg.RetryDelay = database.DefaultConfig().CommitTimeout, 200*time.Millisecond
	r.Grace = chaosGrace + r.cfg.CommitTimeout
	for range 3 {
		r.addLane(t, c.URL(), func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 1} })
	}
	return r, c
}

// TestChaosServer kills, restarts and stops the server while transactions run and outcomes are being settled.
func TestChaosServer(t *testing.T) {
	r, c := newServerChaos(t)
	held := time.Duration(0)
	hold := func(ctx context.Context) { // for less than it takes to give a COMMIT up, for that long, and for longer
		ctx, cancel := context.WithTimeout(ctx, held)
		defer cancel()
		<-ctx.Done()
	}
	for _, f := range []struct {
		name  chaos.Harm
		times int
		do    func(ctx context.Context) error
	}{
		{"kill -9 of a backend", 6, c.KillBackend},
		{"kill -9 of the server", 4, c.Kill},
		{"fast restart", 4, c.Restart},
		{"SIGSTOP of backends", 3, func(ctx context.Context) error {
			defer c.Continue()
			for range 3 {
				if err := c.StopBackend(); err != nil {
					return err
				}
			}
			hold(ctx)
			return nil
		}},
		{"SIGSTOP of the postmaster", 3, func(ctx context.Context) error {
			defer c.Continue()
			if err := c.StopPostmaster(); err != nil {
				return err
			}
			hold(ctx)
			return nil
		}},
	} {
		for n := range f.times {
			held = time.Second + time.Duration(n)*r.cfg.CommitTimeout/2
			start := time.Now()
			err := r.During(t.Context(), f.name, func(ctx context.Context) error {
				r.proceed(ctx, 100)
				r.loseCommits(4, chaos.FIN)
				return f.do(ctx)
			}, chaosTimeout)
			if err != nil {
				t.Fatalf("%s: %v", f.name, err)
			}
			t.Logf("%s: %v", f.name, time.Since(start).Round(time.Millisecond))
		}
	}
	if c.Crashes() < 6 {
		t.Errorf("the server has recovered from %d crashes", c.Crashes())
	}
	r.direct.SetMaxIdleConns(0) // its connections are of a server that was restarted
	r.direct.SetMaxIdleConns(1)
	r.verify(t)
}

// TestChaosPromotion: a standby that lags behind becomes the primary while COMMITs are being settled. What the old primary had
// acknowledged alone goes with it; but nothing is acknowledged or retried on the word of the new one, which gives out
// the same transaction ids again.
func TestChaosPromotion(t *testing.T) {
	r, old := newServerChaos(t)
	standby, err := old.Standby(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { standby.Close() })
	var disconnected, switched time.Time
	r.Excused = func(e chaos.Entry) bool { return e.Ended.After(disconnected) && e.Ended.Before(switched) }
	err = r.During(t.Context(), "promotion of a lagging standby", func(ctx context.Context) error {
		r.proceed(ctx, 200)
		if err := standby.Caught(ctx, r.direct); err != nil {
			return err
		}
		disconnected = time.Now().Add(-time.Second) // what was acknowledged a moment before may not have been sent either
		if err := standby.Disconnect(ctx); err != nil {
			return err
		}
		r.proceed(ctx, 300)
		r.loseCommits(6, chaos.Swallow)
		r.proceed(ctx, 3)
		for _, lane := range r.Lanes {
			lane.Proxy.Switch("tcp", standby.Address())
			lane.Proxy.Cut()
		}
		if err := old.Close(); err != nil {
			return err
		}
		switched = time.Now()
		return standby.Promote(ctx)
	}, chaosTimeout)
	if err != nil {
		t.Error(err)
	}
	r.direct.Close()
	if r.direct, err = standby.Open(); err != nil {
		t.Fatal(err)
	}
	defer r.direct.Close()
	if report := r.verify(t); report.Unknown == 0 || report.Excused == 0 {
		t.Error("the promotion came at a moment when nothing was being settled, or the standby did not lag")
	}
}

// usage is what may not grow while a run goes on.
type usage struct {
	goroutines int
	memory     uint64
	sessions   int
}

// usage waits until nothing is under way but what pools keep: their idle connections, each with a session on the server and the
// proxy's goroutines.
func (r *chaosRun) usage(t *testing.T) usage {
	t.Helper()
	idle := chaosLanes * database.DefaultConfig().PoolSize
	var u usage
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		for _, lane := range r.Lanes {
			lane.Proxy.Heal()
		}
		var err error
		if u.sessions, err = chaos.Others(t.Context(), r.direct); err != nil {
			t.Fatal(err)
		}
		if u.sessions <= idle {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d sessions are open although the pools keep %d connections", u.sessions, idle)
		}
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	u.memory, u.goroutines = m.HeapAlloc, runtime.NumGoroutine()
	return u
}

const (
	moreGoroutines = 20       // of connections that are being closed
	moreMemory     = 24 << 20 // the ledger's entries take some 250 bytes each
)

func (u usage) compare(t *testing.T, r *chaosRun) {
	t.Helper()
	now := r.usage(t)
	perSession := 8 // goroutines of a proxy's connection and a pool's, generously
	allowed := u.goroutines + moreGoroutines + max(0, now.sessions-u.sessions)*perSession
	t.Logf("goroutines %d, then %d; heap %d KiB, then %d KiB; sessions %d, then %d",
		u.goroutines, now.goroutines, u.memory>>10, now.memory>>10, u.sessions, now.sessions)
	if now.goroutines > allowed {
		buf := make([]byte, 1<<20)
		t.Errorf("more goroutines than before:\n%s", buf[:runtime.Stack(buf, true)])
	}
	if now.memory > u.memory+moreMemory {
		t.Errorf("the heap has grown by %d KiB", (now.memory-u.memory)>>10)
	}
}
