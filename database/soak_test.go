package database_test

import (
	"os"
	"runtime"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

// TestChaosSoak walks the plan of TestChaosTransactions over and over, with random faults in between, and looks after each lap
// whether memory, goroutines and the server's sessions are as they were, and whether the table is what was acknowledged.
func TestChaosSoak(t *testing.T) {
	length, err := time.ParseDuration(os.Getenv("PLINTH_CHAOS"))
	if err != nil {
		t.Skip("PLINTH_CHAOS=10m, or another duration, runs it")
	}
	r := newChaos(t, pgtest.TestDatabase(t).URL(), chaosLanes, 2, func(db *entDB) chaos.Subject { return &chaosSubject{db: db, rows: 2} })
	r.Least = 8
	plan := r.transactionPlan(t)
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	lap := func() *chaos.Report {
		r.Walk(t.Context(), plan)
		r.Walk(t.Context(), chaos.RandomPlan(seed, 200, 60))
		seed++
		r.noneUnknown(t)
		r.noneFailed(t)
		report, err := r.Interim(t.Context(), r.direct)
		if err != nil {
			t.Fatal(err)
		}
		return report
	}
	start := time.Now()
	lap() // what is made once has been made
	before := r.usage(t)
	operations := 0
	for !t.Failed() && time.Since(start) < length {
		report := lap()
		operations += report.Operations
		t.Logf("after %v: %d operations, %d faults, %d connections", time.Since(start).Round(time.Second), operations, report.Faults, report.Dials)
		if report.Wrong()+report.Hung+report.Late > 0 {
			t.Error(report)
		}
		before.compare(t, r)
	}
	r.verify(t)
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
