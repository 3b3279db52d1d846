package database_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/internal/pgserver"
)

func TestHealthTellsRoleAndTimelineInOneRoundTrip(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	cfg.PoolSize, cfg.MaxOverflow = 1, 0
	db := open(t, cfg)
	var timeline uint32
	if err := db.SQL().QueryRowContext(t.Context(), "SELECT timeline_id FROM pg_control_checkpoint()").Scan(&timeline); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second use is when the statement gets prepared
		h, err := db.Health(t.Context())
		if err != nil || h.Role != database.Primary || h.Standby || h.Timeline != timeline || timeline == 0 {
			t.Fatalf("%+v, %v; want a primary on timeline %d", h, err, timeline)
		}
	}
	p.on("\x00", none) // every message
	for range 3 {
		if _, err := db.Health(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if n := p.count(); n != 3 {
		t.Errorf("%d messages for 3 questions", n)
	}
}

// bare is a role of every server that may do nothing which Health could need.
const bare = "pg_signal_backend"

func TestHealthNeedsNoPrivileges(t *testing.T) {
	cfg := config(t)
	cfg.PoolSize, cfg.MaxOverflow = 1, 0
	db := open(t, cfg)
	exec(t, db, "SET SESSION AUTHORIZATION "+bare)
	if h, err := db.Health(t.Context()); err != nil || h.Timeline == 0 {
		t.Fatalf("%+v, %v", h, err)
	}
}

// TestHealthWithoutTheTimeline: a server that does not tell its timeline is healthy all the same.
func TestHealthWithoutTheTimeline(t *testing.T) {
	for name, statement := range map[string]string{ // in this database only
		"refused": "REVOKE EXECUTE ON FUNCTION pg_current_wal_insert_lsn() FROM PUBLIC",
		"unknown": "ALTER FUNCTION pg_current_wal_insert_lsn() RENAME TO plinth_gone",
	} {
		t.Run(name, func(t *testing.T) {
			cfg := config(t)
			admin := open(t, cfg)
			exec(t, admin, "SET allow_system_table_mods = on; "+statement)
			exec(t, admin, "ALTER ROLE CURRENT_USER IN DATABASE "+databaseOf(t, admin)+" SET role = "+bare)
			db := open(t, cfg)
			h, err := db.Health(t.Context())
			if err != nil || h.Timeline != 0 || h.Role != database.Primary || h.ServerVersion == "" {
				t.Fatalf("%+v, %v; want a primary without a timeline", h, err)
			}
		})
	}
}

func databaseOf(t *testing.T, db *entDB) (name string) {
	t.Helper()
	if err := db.SQL().QueryRowContext(t.Context(), "SELECT current_database()").Scan(&name); err != nil {
		t.Fatal(err)
	}
	return name
}

// TestHealthFollowsAPromotion makes a primary a standby by way of a crash, and a primary again.
func TestHealthFollowsAPromotion(t *testing.T) {
	if strings.HasPrefix(os.Getenv(pgserver.EnvURL), "postgres") {
		t.Skip("a server that somebody else runs is not ours to crash")
	}
	server, err := pgserver.Start(t.Context(), pgserver.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	cfg := database.DefaultConfig()
	cfg.URL = server.URL()
	db := open(t, cfg)
	strict, lax := serve(t, db.HealthHandler(database.RequirePrimary())), serve(t, db.HealthHandler())

	exec(t, db, "CHECKPOINT")
	exec(t, db, "COPY (SELECT 1) TO PROGRAM 'cat > standby.signal'")
	_, _ = db.SQL().ExecContext(t.Context(), "COPY (SELECT 1) TO PROGRAM 'kill -9 $PPID'") // the shell's parent is the backend
	awaitRole(t, db, database.Standby)
	h, err := db.Health(t.Context())
	if err != nil || !h.Standby || h.Timeline != 1 {
		t.Fatalf("%+v, %v; want a standby on timeline 1", h, err)
	}
	if status, a := get(t, strict, "/readyz"); status != http.StatusServiceUnavailable || a.Role != "standby" || !strings.Contains(a.Error, "standby") {
		t.Errorf("%d %+v; want 503, since a primary is required", status, a)
	}
	if status, a := get(t, lax, "/readyz"); status != http.StatusOK || a.Role != "standby" {
		t.Errorf("%d %+v; want 200, since a standby will do", status, a)
	}

	exec(t, db, "SELECT pg_promote()")
	awaitRole(t, db, database.Primary)
	if h, err = db.Health(t.Context()); err != nil || h.Standby || h.Timeline != 2 {
		t.Fatalf("%+v, %v; want a primary on timeline 2", h, err)
	}
}

func awaitRole(t *testing.T, db *entDB, role database.ServerRole) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	for {
		h, err := db.Health(ctx)
		if err == nil && h.Role == role {
			return
		}
		if ctx.Err() != nil {
			t.Fatalf("%+v, %v; want a %s", h, err, role)
		}
	}
}

type answer struct {
	Status, Role, Error string
	ServerVersion       string  `json:"server_version"`
	Latency             float64 `json:"latency_ms"`
	Timeline            int
	Pool                map[string]int
}

func get(t *testing.T, s *httptest.Server, path string) (int, answer) {
	t.Helper()
	resp, err := http.Get(s.URL + path)
	if err != nil {
		t.Error(err)
		return 0, answer{}
	}
	defer resp.Body.Close()
	var a answer
	if err := json.NewDecoder(resp.Body).Decode(&a); err != nil {
		t.Error(err)
	}
	if got := resp.Header.Get("Content-Type") + resp.Header.Get("Cache-Control"); got != "application/jsonno-store" {
		t.Errorf("%s: headers %v", path, resp.Header)
	}
	return resp.StatusCode, a
}

func serve(t *testing.T, h http.Handler) *httptest.Server {
	s := httptest.NewServer(h)
	t.Cleanup(func() {
		http.DefaultClient.CloseIdleConnections()
		s.Close()
	})
	return s
}

func TestReadinessTellsWhatHealthTells(t *testing.T) {
	db := open(t, config(t))
	status, a := get(t, serve(t, db.HealthHandler()), "/readyz")
	if status != http.StatusOK || a.Status != "ok" || a.Role != "primary" || a.Timeline < 1 || a.ServerVersion == "" || a.Latency <= 0 ||
		a.Pool["max_open"] != 15 || a.Error != "" {
		t.Fatalf("%d %+v", status, a)
	}
}

func TestLivenessOutlivesTheDatabase(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	db := open(t, cfg)
	p.refuse()
	p.on("server_version", drop)
	s := serve(t, db.HealthHandler())
	status, a := get(t, s, "/readyz")
	if status != http.StatusServiceUnavailable || a.Status != "unavailable" || a.Error != "no connection to the server" || a.Role != "" {
		t.Errorf("readyz: %d %+v", status, a)
	}
	if status, a := get(t, s, "/healthz"); status != http.StatusOK || a.Status != "ok" || p.count() != 1 {
		t.Errorf("healthz: %d %+v, %d questions", status, a, p.count())
	}
	if _, a = get(t, serve(t, db.HealthHandler(database.HealthDetails())), "/readyz"); !strings.Contains(a.Error, "127.0.0.1:") {
		t.Errorf("with details: %+v", a)
	}
}

func TestAClosedPoolIsNeitherAliveNorReady(t *testing.T) {
	db := open(t, config(t))
	s := serve(t, db.HealthHandler())
	get(t, s, "/readyz") // whose answer must not serve any longer
	if err := db.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/healthz", "/readyz"} {
		if status, a := get(t, s, path); status != http.StatusServiceUnavailable || a.Error != database.ErrClosed.Error() {
			t.Errorf("%s: %d %+v", path, status, a)
		}
	}
}

func TestReadinessIsBounded(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	db := open(t, cfg)
	p.on("server_version", silence)
	status, a := get(t, serve(t, db.HealthHandler(database.HealthTimeout(100*time.Millisecond))), "/readyz")
	if status != http.StatusServiceUnavailable || a.Error != "no answer in time" || a.Latency > 3000 {
		t.Fatalf("%d %+v", status, a)
	}
}

// TestReasonsNameNoHostUserOrDatabase: the server's own message does.
func TestReasonsNameNoHostUserOrDatabase(t *testing.T) {
	db := open(t, config(t))
	name := databaseOf(t, db)
	exec(t, open(t, config(t)), "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
	_, _ = db.SQL().ExecContext(t.Context(), "SELECT pg_terminate_backend(pg_backend_pid())")
	status, a := get(t, serve(t, db.HealthHandler()), "/readyz")
	if status != http.StatusServiceUnavailable || a.Error != "the server refuses: SQLSTATE 55000" {
		t.Errorf("%d %+v", status, a)
	}
	if _, a = get(t, serve(t, db.HealthHandler(database.HealthDetails())), "/readyz"); !strings.Contains(a.Error, name) {
		t.Errorf("%+v; this test wants an error that names the database", a)
	}
}

// TestProbesShareOneQuestion holds the only connection, so that every probe comes while the first one's question waits.
func TestProbesShareOneQuestion(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	cfg.PoolSize, cfg.MaxOverflow = 1, 0
	db := open(t, cfg)
	s := serve(t, db.HealthHandler(database.HealthTimeout(20*time.Second)))
	held, err := db.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	p.on("server_version", none)
	var probes sync.WaitGroup
	for range 20 {
		probes.Go(func() {
			if status, a := get(t, s, "/readyz"); status != http.StatusOK {
				t.Errorf("%d %+v", status, a)
			}
		})
	}
	awaitWaiter(db)
	_ = held.Close()
	probes.Wait()
	if n := p.count(); n != 1 {
		t.Errorf("%d questions for 20 probes at once", n)
	}
	if s := db.Stats(); s.WaitCount != 1 {
		t.Errorf("%d probes waited for a connection, want 1", s.WaitCount)
	}
}

func awaitWaiter(db *entDB) {
	for db.Stats().Waiting == 0 {
		runtime.Gosched()
	}
}

// TestAnAnswerServesForAWhileOnly: for less than a second, so that a prober with that period always gets a new one. What has
// changed then is logged once.
func TestAnAnswerServesForAWhileOnly(t *testing.T) {
	cfg, p := throughProxy(t, config(t))
	cfg.StatementCache = 0 // so that each question shows its text to the proxy
	var log bytes.Buffer
	db := open(t, cfg, database.WithLogger(slog.New(slog.NewTextHandler(&log, nil))))
	h := db.HealthHandler()
	ask := func() int {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
		return w.Code
	}
	p.on("server_version", none)
	start := time.Now()
	for p.count() < 3 {
		if status := ask(); status != http.StatusOK || time.Since(start) > 20*time.Second {
			t.Fatalf("%d, %d questions in %v", status, p.count(), time.Since(start))
		}
	}
	if took := time.Since(start); took < time.Second*9/10 {
		t.Errorf("three questions within %v", took)
	}
	if log.Len() > 0 {
		t.Errorf("logged although nothing changed: %s", log.String())
	}
	p.refuse()
	p.on("server_version", drop)
	for soon := time.Now().Add(20 * time.Second); ask() == http.StatusOK; {
		if time.Now().After(soon) {
			t.Fatal("still ready without a server")
		}
	}
	for failed := time.Now(); time.Since(failed) < time.Second; { // another question at least
		if ask() == http.StatusOK {
			t.Fatal("ready without a server")
		}
	}
	if n := strings.Count(log.String(), "the database is not ready"); n != 1 || !strings.Contains(log.String(), "127.0.0.1:") {
		t.Errorf("%d lines: %s", n, log.String())
	}
}

// TestAProbeThatGoesAwayDoesNotSpoilTheOthers: the request that asks is cancelled while its question waits.
func TestAProbeThatGoesAwayDoesNotSpoilTheOthers(t *testing.T) {
	cfg := config(t)
	cfg.PoolSize, cfg.MaxOverflow = 1, 0
	db := open(t, cfg)
	h := db.HealthHandler(database.HealthTimeout(20 * time.Second))
	held, err := db.SQL().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	ctx, leave := context.WithCancel(t.Context())
	w := httptest.NewRecorder()
	var asking sync.WaitGroup
	asking.Go(func() { h.ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/readyz", nil)) })
	awaitWaiter(db)
	leave()
	_ = held.Close()
	asking.Wait()
	if w.Code != http.StatusOK {
		t.Errorf("the question ended with its client: %d %s", w.Code, w.Body)
	}
}

func TestHealthHandlerHasTwoPaths(t *testing.T) {
	db := open(t, config(t))
	mux := http.NewServeMux()
	mux.Handle("/internal/", http.StripPrefix("/internal", db.HealthHandler()))
	s := serve(t, mux)
	for _, tc := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/internal/healthz", 200},
		{"HEAD", "/internal/healthz", 200},
		{"HEAD", "/internal/readyz", 200},
		{"POST", "/internal/readyz", 405},
		{"GET", "/internal/", 404},
		{"GET", "/internal/healthz/more", 404},
	} {
		req, err := http.NewRequestWithContext(t.Context(), tc.method, s.URL+tc.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != tc.status || tc.status == 405 && resp.Header.Get("Allow") != "GET, HEAD" {
			t.Errorf("%s %s: %d %v, want %d", tc.method, tc.path, resp.StatusCode, resp.Header, tc.status)
		}
	}
}
