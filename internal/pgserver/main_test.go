package pgserver_test

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	_ "github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// childEnv makes the test binary a user of a server instead: "start URL", "shared URL", or "fill URL", which starts one that keeps what
// it fills.
const childEnv = "PGSERVER_TEST_CHILD"

// TestMain gives the tests a registry of their own, so that other runs on the machine neither sweep their remains nor get swept.
func TestMain(m *testing.M) {
	if do := os.Getenv(childEnv); do != "" {
		if err := child(do); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(runWithOwnRegistry(m))
}

func runWithOwnRegistry(m *testing.M) int {
	dir, err := os.MkdirTemp("", "pgserver-test-*")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	os.Setenv("XDG_CACHE_HOME", dir) // os.UserCacheDir on Linux
	if home, err := os.UserHomeDir(); err == nil && os.Getenv("DOCKER_CONFIG") == "" {
		os.Setenv("DOCKER_CONFIG", filepath.Join(home, ".docker"))
	}
	os.Unsetenv(pgserver.EnvURL)
	code := m.Run()
	// A test that failed half-way may have killed children; nobody else knows this registry.
	if err := pgserver.Sweep(context.Background(), log.Printf); err != nil {
		log.Print(err)
		return max(code, 1)
	}
	return code
}

// told is what a child tells its parent when it has its server and a database on it.
type told struct {
	URL, Database, DataDir string
}

// child uses a server until its standard input ends, and then closes it.
func child(do string) error {
	how, url, _ := strings.Cut(do, " ")
	get := pgserver.Start
	if how == "shared" {
		get = pgserver.Shared
	}
	ctx := context.Background()
	s, err := get(ctx, pgserver.Options{URL: url, Templates: how == "fill"})
	if err != nil {
		return err
	}
	create := s.CreateDatabase
	if how == "fill" {
		create = func(ctx context.Context) (*pgserver.Database, error) { return s.CreateFilled(ctx, "child", fillSlowly) }
	}
	d, err := create(ctx)
	if err != nil {
		return err
	}
	dir := ""
	if s.Owned() {
		if dir, err = dataDir(ctx, s); err != nil {
			return err
		}
	}
	if err := json.NewEncoder(os.Stdout).Encode(told{URL: s.URL(), Database: d.Name(), DataDir: dir}); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return s.Close()
}

// fillSlowly fills a database with what is worth keeping.
func fillSlowly(ctx context.Context, db *sql.DB) error {
	_, err := db.ExecContext(ctx, "CREATE TABLE of_template (key text); SELECT pg_sleep(0.5)")
	return err
}

// user is a running child.
type user struct {
	told
	cmd   *exec.Cmd
	stdin io.Closer
}

func startUser(t *testing.T, do string) *user {
	t.Helper()
	u, stdout := startChild(t, do)
	line, err := bufio.NewReader(stdout).ReadBytes('\n')
	must(t, err)
	must(t, json.Unmarshal(line, &u.told))
	return u
}

// startChild does not wait until the child has its server.
func startChild(t *testing.T, do string) (u *user, stdout io.Reader) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+do)
	cmd.Stderr = os.Stderr
	stdin, err := cmd.StdinPipe()
	must(t, err)
	stdout, err = cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return &user{cmd: cmd, stdin: stdin}, stdout
}

// leave lets the child close its server.
func (u *user) leave(t *testing.T) {
	t.Helper()
	must(t, u.stdin.Close())
	must(t, u.cmd.Wait())
}

// kill is kill -9.
func (u *user) kill(t *testing.T) {
	t.Helper()
	must(t, u.cmd.Process.Kill())
	_ = u.cmd.Wait()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, url string) *pgserver.Server {
	t.Helper()
	s, err := pgserver.Start(t.Context(), pgserver.Options{URL: url, Logf: t.Logf})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func createDatabase(t *testing.T, s *pgserver.Server) *pgserver.Database {
	t.Helper()
	d, err := s.CreateDatabase(t.Context())
	must(t, err)
	return d
}

func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// answer returns the one value that a query on url gives.
func answer(t *testing.T, url, query string, args ...any) string {
	t.Helper()
	db := open(t, url)
	defer db.Close()
	var v string
	if err := db.QueryRowContext(t.Context(), query, args...).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return v
}

func dataDir(ctx context.Context, s *pgserver.Server) (string, error) {
	db, err := sql.Open("postgres", s.URL())
	if err != nil {
		return "", err
	}
	defer db.Close()
	var dir string
	err = db.QueryRowContext(ctx, "SHOW data_directory").Scan(&dir)
	return dir, err
}

// watch returns a function that waits until the server at url is gone, which ends the session that watch opens.
func watch(t *testing.T, serverURL string) (waitGone func()) {
	t.Helper()
	conn, err := open(t, serverURL).Conn(t.Context())
	must(t, err)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_, _ = conn.ExecContext(context.Background(), "SELECT pg_sleep(600)")
		_ = conn.Close()
	}()
	return func() {
		t.Helper()
		select {
		case <-ended:
		case <-time.After(20 * time.Second):
			t.Fatal("the server still runs")
		}
	}
}

func accepts(serverURL string) bool {
	u, err := url.Parse(serverURL)
	if err != nil {
		return false
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		return false
	}
	_ = conn.Close()
	return true
}

func there(t *testing.T, path string) bool {
	t.Helper()
	_, err := os.Stat(path)
	if err != nil && !os.IsNotExist(err) {
		t.Fatal(err)
	}
	return err == nil
}

// entries counts the servers in the registry.
func entries(t *testing.T) int {
	t.Helper()
	dir, err := pgserver.ServerEntries()
	must(t, err)
	names, err := os.ReadDir(dir)
	must(t, err)
	return len(names)
}
