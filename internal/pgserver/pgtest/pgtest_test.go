package pgtest_test

import (
	"os"
	"sync"
	"testing"

	_ "github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

func TestParallelTestsShareAServerAndHaveDatabasesOfTheirOwn(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	server := pgtest.Test(t)
	for range 4 {
		t.Run("", func(t *testing.T) {
			t.Parallel()
			if pgtest.Test(t) != server {
				t.Error("another server")
			}
			d := pgtest.TestDatabase(t)
			db, err := d.SQL(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			if _, err := db.ExecContext(t.Context(), "CREATE TABLE t ()"); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if seen[d.Name()] {
				t.Error("two tests share a database")
			}
			seen[d.Name()] = true
		})
	}
}

func TestDatabaseGoesWithItsTest(t *testing.T) {
	var name string
	t.Run("user", func(t *testing.T) { name = pgtest.TestDatabase(t).Name() })
	admin := pgtest.TestDatabase(t)
	db, err := admin.SQL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(t.Context(), "SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&n); err != nil {
		t.Fatal(err)
	}
	if n != 0 {
		t.Errorf("%s outlived its test", name)
	}
}
