package pgserver_test

import (
	"context"
	"errors"
	"net/url"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver"
)

func TestDatabaseIsEmptyInUTF8AndItsOwn(t *testing.T) {
	s := start(t, "local://")
	// What somebody adds to template1 must not show.
	_, err := open(t, pgserver.WithDatabase(s.URL(), "template1")).ExecContext(t.Context(), "CREATE TABLE stray ()")
	must(t, err)
	a, b := createDatabase(t, s), createDatabase(t, s)
	if a.Name() == b.Name() {
		t.Fatal("both have one name")
	}
	for query, want := range map[string]string{
		"SELECT current_database()":                                a.Name(),
		"SELECT count(*) FROM pg_tables WHERE schemaname='public'": "0",
		"SHOW server_encoding":                                     "UTF8",
		"SHOW fsync":                                               "off",
		"SHOW timezone":                                            "UTC",
		"SELECT max('ä'||'z') FROM generate_series(1, 2)":          "äz",
	} {
		if got := answer(t, a.URL(), query); got != want {
			t.Errorf("%s gives %s, want %s", query, got, want)
		}
	}
}

func TestCopyHoldsWhatItsTemplateHolds(t *testing.T) {
	s := start(t, "local://")
	template := createDatabase(t, s)
	db, err := template.SQL(t.Context())
	must(t, err)
	_, err = db.ExecContext(t.Context(), "CREATE TABLE t AS SELECT 42 AS n")
	must(t, err)

	_, err = s.CreateDatabaseFrom(t.Context(), template)
	if err == nil || !strings.Contains(err.Error(), "close every connection") {
		t.Errorf("a template in use gives %v", err)
	}
	must(t, db.Close())
	d, err := s.CreateDatabaseFrom(t.Context(), template)
	must(t, err)
	if n := answer(t, d.URL(), "SELECT n FROM t"); n != "42" {
		t.Errorf("n is %s", n)
	}
}

func TestDropEndsSessionsAndIsHarmlessTwice(t *testing.T) {
	s := start(t, "local://")
	d := createDatabase(t, s)
	db, err := d.SQL(t.Context())
	must(t, err)
	defer db.Close()
	must(t, d.Drop(t.Context()))
	must(t, d.Drop(t.Context()))
	if n := scratch(t, s.URL()); n != "0" {
		t.Errorf("%s databases are left", n)
	}
	must(t, s.Close())
	must(t, d.Drop(t.Context()))
}

func TestCancelledCreateLeavesNoDatabase(t *testing.T) {
	s := start(t, "local://")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.CreateDatabase(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if n := scratch(t, s.URL()); n != "0" {
		t.Errorf("%s databases are left", n)
	}
}

func TestClosedServerMakesNoDatabase(t *testing.T) {
	s := start(t, "local://")
	must(t, s.Close())
	if _, err := s.CreateDatabase(t.Context()); err == nil {
		t.Error("no error")
	}
}

func TestDatabaseURLKeepsEverythingElse(t *testing.T) {
	for in, want := range map[string]string{
		"postgres://u:p%2Fw@h:1/a?sslmode=disable": "postgres://u:p%2Fw@h:1/x?sslmode=disable",
		"postgres://h": "postgres://h/x",
		"postgres://h/a?dbname=b&sslmode=require": "postgres://h/x?sslmode=require",
		"postgres://h/a?options=-c%20x%3D1%2B":    "postgres://h/x?options=-c%20x%3D1%2B",
		"postgres:///a?host=%2Ftmp":               "postgres:///x?host=%2Ftmp",
		"postgres://h1,h2/a?port=1,2":             "postgres://h1,h2/x?port=1%2C2",
	} {
		if got := pgserver.WithDatabase(in, "x"); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

// scratch counts the databases that this package made.
func scratch(t *testing.T, url string) string {
	t.Helper()
	return answer(t, url, `SELECT count(*) FROM pg_database WHERE datname LIKE 'plinth\_scratch\_%'`)
}

// givenServer is a server that plays somebody else's: a role that may create databases and do nothing else.
func givenServer(t *testing.T) (admin *pgserver.Server, roleURL string) {
	t.Helper()
	admin = start(t, "local://")
	_, err := open(t, admin.URL()).ExecContext(t.Context(), "CREATE ROLE dev LOGIN CREATEDB PASSWORD 's3cret'")
	must(t, err)
	return admin, asRole(t, admin.URL(), "dev")
}

func asRole(t *testing.T, raw, role string) string {
	t.Helper()
	u, err := url.Parse(raw)
	must(t, err)
	u.User = url.UserPassword(role, "s3cret")
	return u.String()
}

func TestGivenServerIsLeftAsItWas(t *testing.T) {
	admin, dev := givenServer(t)
	for name, get := range starters {
		s, err := get(t.Context(), pgserver.Options{URL: dev, Logf: t.Logf})
		must(t, err)
		if s.Owned() {
			t.Errorf("%s: a given server is not ours", name)
		}
		if strings.Contains(s.String(), "s3cret") {
			t.Errorf("%s tells the password: %s", name, s)
		}
		answer(t, createDatabase(t, s).URL(), "SELECT 1")
		must(t, s.Close())
		if n := scratch(t, admin.URL()); n != "0" {
			t.Errorf("%s left %s databases", name, n)
		}
	}
	if n := answer(t, admin.URL(), "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"); n != "0" {
		t.Errorf("%s advisory locks are left", n)
	}
}

func TestGivenServerIsSweptOfTheDeadOnly(t *testing.T) {
	admin, dev := givenServer(t)
	dead, busy, living := startUser(t, "start "+dev), startUser(t, "start "+dev), startUser(t, "start "+dev)
	_, err := open(t, admin.URL()).ExecContext(t.Context(), "CREATE DATABASE plinth_scratch_notes")
	must(t, err)
	session := open(t, pgserver.WithDatabase(admin.URL(), busy.Database))
	must(t, session.PingContext(t.Context()))
	dead.kill(t)
	busy.kill(t)
	waitForSessions(t, admin, "dev", 1)

	// From another database than the one whose sessions hold the locks.
	start(t, pgserver.WithDatabase(dev, "template1"))

	for name, want := range map[string]string{dead.Database: "0", busy.Database: "1", living.Database: "1", "plinth_scratch_notes": "1"} {
		if n := answer(t, admin.URL(), "SELECT count(*) FROM pg_database WHERE datname = $1", name); n != want {
			t.Errorf("%s is there %s times, want %s", name, n, want)
		}
	}
	living.leave(t)
}

func TestRoleThatMayNotCreateDatabasesIsTold(t *testing.T) {
	admin, dev := givenServer(t)
	_, err := open(t, admin.URL()).ExecContext(t.Context(), "ALTER ROLE dev NOCREATEDB")
	must(t, err)
	_, err = start(t, dev).CreateDatabase(t.Context())
	if err == nil || !strings.Contains(err.Error(), "CREATEDB") {
		t.Errorf("got %v", err)
	}
	if e, ok := errors.AsType[*pq.Error](err); !ok || e.Code != "42501" {
		t.Errorf("the cause is lost: %v", err)
	}
}

func TestDatabasesOfAnOwnedServerOutliveTheSweepOfWhoWasGivenItsURL(t *testing.T) {
	s := start(t, "local://")
	d := createDatabase(t, s) // nobody is connected to it
	start(t, s.URL())         // as a child process does with PLINTH_DEV_URL
	if n := answer(t, s.URL(), "SELECT count(*) FROM pg_database WHERE datname = '"+d.Name()+"'"); n != "1" {
		t.Error("the database was dropped")
	}
}
