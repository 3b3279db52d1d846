package pgserver_test

import (
	"context"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plinth-db/plinth/internal/pgserver"
)

func TestLocalServerLeavesNothingBehind(t *testing.T) {
	s := start(t, "local://")
	dir, err := dataDir(t.Context(), s)
	must(t, err)
	if !s.Owned() {
		t.Error("a server that we started is not ours")
	}
	gone := watch(t, s.URL())

	must(t, s.Close())

	gone()
	if there(t, filepath.Dir(dir)) {
		t.Errorf("%s is still there", filepath.Dir(dir))
	}
	if n := entries(t); n != 0 {
		t.Errorf("%d entries are left in the registry", n)
	}
	must(t, s.Close())
}

func TestClosedServerLeavesNoGoroutine(t *testing.T) {
	for name, get := range starters {
		leaks := goleak.IgnoreCurrent()
		s, err := get(t.Context(), pgserver.Options{URL: "local://"})
		must(t, err)
		createDatabase(t, s)
		must(t, s.Close())
		if err := goleak.Find(leaks); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTwoServersAtOnceAreApart(t *testing.T) {
	var servers [2]*pgserver.Server
	var wg sync.WaitGroup
	for i := range servers {
		wg.Go(func() { servers[i] = start(t, "local://") })
	}
	wg.Wait()
	d := createDatabase(t, servers[0])
	if n := answer(t, servers[1].URL(), "SELECT count(*) FROM pg_database WHERE datname = $1", d.Name()); n != "0" {
		t.Error("both are the same server")
	}
	must(t, servers[0].Close())
	answer(t, servers[1].URL(), "SELECT 1")
}

func TestPasswordIsNeededOverTCP(t *testing.T) {
	s := start(t, "local://")
	without := pgserver.WithDatabase(s.URL(), "postgres")
	db := open(t, withoutPassword(t, without))
	if err := db.PingContext(t.Context()); err == nil {
		t.Error("the server lets everybody on this machine in as superuser")
	}
}

// A start that is cancelled at any moment removes what it made until then.
func TestCancelledStartLeavesNothingBehind(t *testing.T) {
	temp := ownTemp(t)
	for _, after := range []time.Duration{0, 5, 20, 40, 60, 80, 120, 160, 200} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		s, err := pgserver.Start(ctx, pgserver.Options{URL: "local://"})
		cancel()
		if err == nil {
			must(t, s.Close()) // it was quicker
		}
		if n := entries(t); n != 0 {
			t.Fatalf("cancelled after %d ms: %d entries are left in the registry", after, n)
		}
		requireEmpty(t, temp)
	}
}

// The first start runs initdb, which has children of its own.
func TestCancelledInitdbLeavesNothingBehind(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	temp := ownTemp(t)
	for _, after := range []time.Duration{30, 100, 250, 400} {
		ctx, cancel := context.WithTimeout(t.Context(), after*time.Millisecond)
		s, err := pgserver.Start(ctx, pgserver.Options{URL: "local://"})
		cancel()
		if err == nil {
			must(t, s.Close())
		}
		if n := entries(t); n != 0 {
			t.Fatalf("cancelled after %d ms: %d entries are left in the registry", after, n)
		}
		requireEmpty(t, temp)
	}
	start(t, "local://")
}
