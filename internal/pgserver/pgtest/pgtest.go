// Package pgtest gives tests a PostgreSQL server and databases on it. It is apart from pgserver so that the command does not
// link package testing.
package pgtest

import (
	"context"
	"database/sql"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// timeout bounds the start of a server, with an image to pull, and each statement on it.
const timeout = 6 * time.Minute

// shared is this process's use of the server.
var shared struct {
	mu     sync.Mutex // guards what follows, and makes one caller start the server while the others wait
	server *pgserver.Server
	users  int
}

// Main runs the tests and keeps the server, once started, until they are done:
//
//	func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }
//
// Without it the server stops whenever the last test that uses it ends, and the next test pays for a new start (some 0.2 s
// with local binaries, seconds with Docker). A failure to stop the server fails the run.
func Main(m *testing.M) int {
	shared.mu.Lock()
	shared.users++
	shared.mu.Unlock()
	code := m.Run()
	if err := release(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return max(code, 1)
	}
	return code
}

// MainWithoutLeaks is Main for packages whose tests must leave no goroutine behind; one that does fails the run.
func MainWithoutLeaks(m *testing.M) int {
	code := Main(m)
	if err := goleak.Find(); code == 0 && err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

// Test returns the server of this test run; PLINTH_DEV_URL chooses it. The server is shared with other tests and other
// packages, so a test keeps to databases of its own. A test without a server fails; it is never skipped.
func Test(tb testing.TB) *pgserver.Server {
	tb.Helper()
	s, err := acquire(tb.Logf)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := release(); err != nil {
			tb.Error(err)
		}
	})
	return s
}

func acquire(logf func(string, ...any)) (*pgserver.Server, error) {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	if shared.server == nil {
		ctx, cancel := context.WithTimeout(context.Background(), timeout)
		defer cancel()
		s, err := pgserver.Shared(ctx, pgserver.Options{Logf: logf})
		if err != nil {
			return nil, err
		}
		shared.server = s
	}
	shared.users++
	return shared.server, nil
}

func release() error {
	shared.mu.Lock()
	defer shared.mu.Unlock()
	shared.users--
	if shared.users > 0 || shared.server == nil {
		return nil
	}
	s := shared.server
	shared.server = nil
	return s.Close()
}

// TestDatabase returns an empty database, which is dropped, with the sessions that are open then, when the test ends.
func TestDatabase(tb testing.TB) *pgserver.Database {
	tb.Helper()
	s := Test(tb)
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	d, err := s.CreateDatabase(ctx)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { drop(tb, d) })
	return d
}

func drop(tb testing.TB, d *pgserver.Database) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	if err := d.Drop(ctx); err != nil {
		tb.Error(err)
	}
}

// Scratch makes databases for code that asks for empty ones and drops them itself; setup is run on each. The test fails when one was not
// dropped. Safe for concurrent use.
func Scratch(tb testing.TB, setup ...func(context.Context, *sql.DB) error) func(context.Context) (*sql.DB, func(), error) {
	server := Test(tb)
	var open atomic.Int64
	tb.Cleanup(func() {
		if n := open.Load(); n != 0 {
			tb.Errorf("%d scratch databases were not dropped", n)
		}
	})
	return func(ctx context.Context) (*sql.DB, func(), error) {
		d, err := server.CreateDatabase(ctx)
		if err != nil {
			return nil, nil, err
		}
		db, err := d.SQL(ctx)
		if err != nil {
			return nil, nil, err
		}
		open.Add(1)
		drop := func() {
			_ = db.Close()
			if err := d.Drop(context.WithoutCancel(ctx)); err != nil {
				tb.Error(err)
			}
			open.Add(-1)
		}
		for _, f := range setup {
			if err := f(ctx, db); err != nil {
				drop()
				return nil, nil, err
			}
		}
		return db, drop, nil
	}
}
