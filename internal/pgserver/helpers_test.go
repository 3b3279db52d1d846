package pgserver_test

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/plinth-db/plinth/internal/pgserver"
)

func withoutPassword(t *testing.T, raw string) string {
	t.Helper()
	u, err := url.Parse(raw)
	must(t, err)
	u.User = url.User(u.User.Username())
	return u.String()
}

// stopServer ends a server behind its user's back.
func stopServer(t *testing.T, dataDir string) {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dataDir, "postmaster.pid"))
	must(t, err)
	first, _, _ := strings.Cut(string(b), "\n")
	pid, err := strconv.Atoi(first)
	must(t, err)
	p, err := os.FindProcess(pid)
	must(t, err)
	must(t, p.Signal(syscall.SIGQUIT))
}

// impersonate makes postmaster.pid say that this test process is the server, once the real one has removed its own.
func impersonate(t *testing.T, dataDir string) {
	t.Helper()
	file := filepath.Join(dataDir, "postmaster.pid")
	for deadline := time.Now().Add(20 * time.Second); there(t, file); {
		if time.Now().After(deadline) {
			t.Fatalf("%s is still there", file)
		}
	}
	must(t, os.WriteFile(file, fmt.Appendf(nil, "%d\n%s\n", os.Getpid(), dataDir), 0o600))
}

// ownTemp gives the test a directory of its own for temporary files, in which the server's account may pass, unlike in
// t.TempDir.
func ownTemp(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "pgserver-own-*")
	must(t, err)
	t.Cleanup(func() { must(t, os.RemoveAll(dir)) })
	must(t, os.Chmod(dir, 0o755))
	t.Setenv("TMPDIR", dir)
	return dir
}

func requireEmpty(t *testing.T, dir string) {
	t.Helper()
	names, err := os.ReadDir(dir)
	must(t, err)
	if len(names) > 0 {
		t.Fatalf("%s holds %v", dir, names)
	}
}

// starters are the ways to a server, for rules that hold for both.
var starters = map[string]func(context.Context, pgserver.Options) (*pgserver.Server, error){
	"Start":  pgserver.Start,
	"Shared": pgserver.Shared,
}

// waitForSessions waits until the server has noticed that the processes of role's other sessions are gone.
func waitForSessions(t *testing.T, s *pgserver.Server, role string, users int) {
	t.Helper()
	db := open(t, s.URL())
	deadline := time.Now().Add(20 * time.Second)
	for {
		var n int
		// Each user keeps one session for its lock; others of its pool may be idle.
		must(t, db.QueryRowContext(t.Context(), `SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
			WHERE locktype = 'advisory' AND usename = $1`, role).Scan(&n))
		if n == users {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d users of role %s are there, want %d", n, role, users)
		}
	}
}
