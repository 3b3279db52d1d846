package pgserver_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver"
)

// filled asks for a database with a table, and tells whether it had to be filled.
func filled(t *testing.T, s *pgserver.Server, key string) (d *pgserver.Database, fresh bool) {
	t.Helper()
	d, err := s.CreateFilled(t.Context(), key, func(ctx context.Context, db *sql.DB) error {
		fresh = true
		_, err := db.ExecContext(ctx, "CREATE TABLE of_template (key text); SET search_path = nowhere; SELECT pg_sleep(0.5)")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	db, err := d.SQL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "INSERT INTO of_template VALUES ('a copy is not the template')"); err != nil {
		t.Fatal(err)
	}
	var rows int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM of_template").Scan(&rows); err != nil || rows != 1 {
		t.Fatalf("%d rows, %v", rows, err)
	}
	return d, fresh
}

// TestFilledDatabaseIsFilledOnce in the life of a server of ours, and, where its cluster is kept, in that of later ones.
func TestFilledDatabaseIsFilledOnce(t *testing.T) { filledOnce(t, "local://") }

func filledOnce(t *testing.T, url string) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	options := pgserver.Options{URL: url, Templates: true, Logf: t.Logf}
	for i, want := range []bool{true, false, false} {
		s, err := pgserver.Start(t.Context(), options)
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		if _, fresh := filled(t, s, "one"); fresh != want {
			t.Errorf("server %d: filled: %v, want %v", i+1, fresh, want)
		}
		if _, fresh := filled(t, s, "one"); fresh {
			t.Errorf("server %d: filled again", i+1)
		}
		if i == 1 { // more than are kept
			for _, key := range []string{"two", "three", "four", "five", "one", "six"} {
				filled(t, s, key)
			}
			if _, fresh := filled(t, s, "two"); !fresh {
				t.Error("the template that was used least is kept")
			}
			filled(t, s, "one")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	s, err := pgserver.Start(t.Context(), pgserver.Options{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, fresh := filled(t, s, "one"); !fresh {
		t.Error("a server that was not asked to begins with templates")
	}
}

// TestFilledDatabaseOfAGivenServerStaysThere for the next process, and nothing of it is swept away.
func TestFilledDatabaseOfAGivenServerStaysThere(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	base, err := pgserver.Start(t.Context(), pgserver.Options{URL: "local://"})
	if err != nil {
		t.Fatal(err)
	}
	defer base.Close()
	for i, want := range []bool{true, false} {
		s, err := pgserver.Start(t.Context(), pgserver.Options{URL: base.URL()})
		if err != nil {
			t.Fatal(err)
		}
		if _, fresh := filled(t, s, "one"); fresh != want {
			t.Errorf("process %d: filled: %v, want %v", i+1, fresh, want)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	db, err := sql.Open("postgres", base.URL())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var names string
	if err := db.QueryRowContext(t.Context(), "SELECT string_agg(left(datname, 16), ' ') FROM pg_database WHERE datname LIKE 'plinth%'").Scan(&names); err != nil || names != "plinth_template_" {
		t.Errorf("left on the server: %q, %v", names, err)
	}
}

// TestFailedFillIsNotKept.
func TestFailedFillIsNotKept(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s, err := pgserver.Start(t.Context(), pgserver.Options{URL: "local://", Templates: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, fault := range []error{os.ErrInvalid, context.Canceled} {
		if _, err := s.CreateFilled(t.Context(), "one", func(context.Context, *sql.DB) error { return fault }); !errors.Is(err, fault) {
			t.Errorf("%v, want %v", err, fault)
		}
	}
	if _, fresh := filled(t, s, "one"); !fresh {
		t.Error("a template that was not filled is used")
	}
}

// TestClusterWithARoleIsNotKept: whoever makes the role again on the next server would fail.
func TestClusterWithARoleIsNotKept(t *testing.T) { roleIsNotKept(t, "local://") }

func roleIsNotKept(t *testing.T, url string) {
	t.Helper()
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for i := range 2 {
		s, err := pgserver.Start(t.Context(), pgserver.Options{URL: url, Templates: true})
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		_, err = s.CreateFilled(t.Context(), fmt.Sprint(i), func(ctx context.Context, db *sql.DB) error {
			_, err := db.ExecContext(ctx, "DO $$ BEGIN CREATE ROLE reader; PERFORM pg_sleep(0.5); END $$")
			return err
		})
		if err != nil {
			t.Errorf("server %d: %v", i+1, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestDamagedClusterIsReplaced: the cache is written without waiting for the disk.
func TestDamagedClusterIsReplaced(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	for i := range 2 {
		s, err := pgserver.Start(t.Context(), pgserver.Options{URL: "local://", Templates: true})
		if err != nil {
			t.Fatalf("server %d: %v", i+1, err)
		}
		defer s.Close()
		if _, fresh := filled(t, s, "one"); !fresh {
			t.Error("a damaged cluster holds a template")
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		files, err := filepath.Glob(filepath.Join(os.Getenv("XDG_CACHE_HOME"), "plinth", "pgserver", "initdb", "*", "global", "pg_control"))
		if err != nil || len(files) != 2 {
			t.Fatal(files, err)
		}
		for _, f := range files {
			if err := os.Truncate(f, 0); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// TestFilledUnderOtherSettingsIsAnother: the search_path says where things are made.
func TestFilledUnderOtherSettingsIsAnother(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s, err := pgserver.Start(t.Context(), pgserver.Options{URL: "local://"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, path := range []string{"public", "app,public"} {
		given, err := pgserver.Start(t.Context(), pgserver.Options{URL: s.URL() + "&search_path=" + path})
		if err != nil {
			t.Fatal(err)
		}
		defer given.Close()
		if _, fresh := filled(t, given, "one"); !fresh {
			t.Error("a template of another search_path is used")
		}
		if _, fresh := filled(t, given, "one"); fresh {
			t.Error("filled again")
		}
	}
}

// TestFilledAtOnce: many that ask for the same one at the same time all get it.
func TestFilledAtOnce(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	s, err := pgserver.Start(t.Context(), pgserver.Options{URL: "local://"})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			_, err := s.CreateFilled(t.Context(), fmt.Sprint(i%2), func(ctx context.Context, db *sql.DB) error {
				_, err := db.ExecContext(ctx, "CREATE TABLE t (id int)")
				return err
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}
