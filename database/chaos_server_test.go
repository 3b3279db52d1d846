package database_test

import (
	"context"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/internal/chaos"
)

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
