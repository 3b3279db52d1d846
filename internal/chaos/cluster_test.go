package chaos_test

import (
	"context"
	"database/sql"
	"runtime"
	"testing"

	"github.com/plinth-db/plinth/internal/chaos"
)

func newCluster(t *testing.T) (*chaos.Cluster, *sql.DB) {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("a cluster to be killed and stopped is possible on Linux only")
	}
	bin, err := chaos.Binaries()
	must(t, err)
	c, err := chaos.NewCluster(t.Context(), bin)
	must(t, err)
	t.Cleanup(func() { must(t, c.Close()) })
	db, err := c.Open()
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	_, err = db.ExecContext(t.Context(), chaos.Table)
	must(t, err)
	return c, db
}

// acknowledged is one row that must survive.
func acknowledged(t *testing.T, db *sql.DB, token string) {
	t.Helper()
	_, err := db.ExecContext(t.Context(), chaos.Insert, token, 1)
	must(t, err)
}

func TestEveryServerFaultEndsWithAServerThatHasWhatItAcknowledged(t *testing.T) {
	c, db := newCluster(t)
	for name, fault := range map[string]func(context.Context) error{
		"kill -9 of a backend": func(ctx context.Context) error {
			crashes := c.Crashes()
			err := c.KillBackend(ctx)
			if c.Crashes() != crashes+1 {
				t.Errorf("%d crash recoveries instead of one", c.Crashes()-crashes)
			}
			return err
		},
		"kill -9 of the server": c.Kill,
		"restart":               c.Restart,
	} {
		acknowledged(t, db, name)
		var pid int
		must(t, db.QueryRow("SELECT pg_backend_pid()").Scan(&pid))
		must(t, fault(t.Context()))
		must(t, db.Close())
		var err error
		db, err = c.Open()
		must(t, err)
		var n int
		must(t, db.QueryRow("SELECT count(*) FROM tokens WHERE token = $1", name).Scan(&n))
		var again int
		must(t, db.QueryRow("SELECT pg_backend_pid()").Scan(&again))
		if n != 1 || again == pid {
			t.Errorf("%s: %d rows; backend %d, then %d", name, n, pid, again)
		}
	}
	_ = db.Close()
}

func TestStoppedServerGoesOn(t *testing.T) {
	c, db := newCluster(t)
	db.SetMaxOpenConns(1)
	acknowledged(t, db, "a")
	for name, stop := range map[string]func() error{"backend": c.StopBackend, "postmaster": c.StopPostmaster} {
		other := db
		if name == "postmaster" { // only new connections need it
			var err error
			other, err = c.Open()
			must(t, err)
		}
		must(t, stop())
		ctx, cancel := context.WithTimeout(t.Context(), shortly)
		if err := pingHeld(ctx, other); err == nil {
			t.Errorf("%s: a stopped server answers", name)
		}
		cancel()
		c.Continue()
		must(t, other.PingContext(t.Context()))
		if other != db {
			_ = other.Close()
		}
	}
}

// pingHeld does not wait for lib/pq, which does not hear of its context while the network is silent.
func pingHeld(ctx context.Context, db *sql.DB) error {
	answer := make(chan error, 1)
	go func() { answer <- db.PingContext(context.WithoutCancel(ctx)) }()
	select {
	case err := <-answer:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

func TestPromotedStandbyLacksWhatItDidNotReceive(t *testing.T) {
	c, db := newCluster(t)
	acknowledged(t, db, "before")
	standby, err := c.Standby(t.Context())
	must(t, err)
	defer standby.Close()
	must(t, standby.Caught(t.Context(), db))
	must(t, standby.Disconnect(t.Context()))
	acknowledged(t, db, "after")
	must(t, standby.Promote(t.Context()))
	promoted, err := standby.Open()
	must(t, err)
	defer promoted.Close()
	acknowledged(t, promoted, "promoted")
	var tokens string
	must(t, promoted.QueryRow("SELECT string_agg(token, ' ' ORDER BY token) FROM tokens").Scan(&tokens))
	if tokens != "before promoted" {
		t.Fatalf("the new primary has %q", tokens)
	}
}

func TestTerminateEndsSessionsOfOthers(t *testing.T) {
	b := newBench(t, chaos.Options{})
	must(t, b.through.PingContext(t.Context()))
	n, err := chaos.Terminate(t.Context(), b.direct, 5)
	if err != nil || n != 1 {
		t.Fatalf("%d sessions, %v", n, err)
	}
}
