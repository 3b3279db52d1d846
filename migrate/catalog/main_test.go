package catalog_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/catalog"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// emptyDB is a database of its own without anything in it.
func emptyDB(tb testing.TB) *sql.DB {
	tb.Helper()
	return open(tb, pgtest.TestDatabase(tb).SQL)
}

func open(tb testing.TB, connect func(context.Context) (*sql.DB, error)) *sql.DB {
	tb.Helper()
	db, err := connect(tb.Context())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

// fixtureDB holds testdata/fixture.sql and testdata/subscription.sql.
func fixtureDB(tb testing.TB) *sql.DB {
	tb.Helper()
	db := emptyDB(tb)
	execute(tb, db, readFile(tb, "testdata/fixture.sql"))
	subscribe(tb, db)
	return db
}

// subscribe makes the subscription, and drops it in the end: a database that has one cannot be dropped.
func subscribe(tb testing.TB, db *sql.DB) {
	tb.Helper()
	execute(tb, db, readFile(tb, "testdata/subscription.sql"))
	tb.Cleanup(func() {
		if _, err := db.ExecContext(context.WithoutCancel(tb.Context()), "DROP SUBSCRIPTION IF EXISTS feed"); err != nil {
			tb.Error(err)
		}
	})
}

func readFile(tb testing.TB, name string) string {
	tb.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		tb.Fatal(err)
	}
	return string(text)
}

type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func execute(tb testing.TB, db executor, statements string) {
	tb.Helper()
	if _, err := db.ExecContext(tb.Context(), statements); err != nil {
		tb.Fatalf("%v\n%s", err, firstLines(statements))
	}
}

func firstLines(s string) string {
	return strings.Join(strings.SplitAfterN(s, "\n", 4)[:min(3, strings.Count(s, "\n")+1)], "")
}

func read(tb testing.TB, q catalog.Querier, opts ...catalog.Option) *catalog.Snapshot {
	tb.Helper()
	s, err := catalog.Read(tb.Context(), q, opts...)
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// begin opens a transaction that the test's end rolls back.
func begin(tb testing.TB, db *sql.DB) *sql.Tx {
	tb.Helper()
	tx, err := db.BeginTx(tb.Context(), nil)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = tx.Rollback() })
	return tx
}

// try runs f in a savepoint and undoes what it did.
func try(tb testing.TB, tx *sql.Tx, f func()) {
	tb.Helper()
	execute(tb, tx, "SAVEPOINT try")
	defer func() {
		if _, err := tx.ExecContext(context.WithoutCancel(tb.Context()), "ROLLBACK TO SAVEPOINT try"); err != nil {
			tb.Error(err)
		}
	}()
	f()
}

// lines are changes as changes.txt writes them.
func lines(changes []catalog.Change) []string {
	var s []string
	for _, c := range changes {
		s = append(s, c.String())
	}
	return s
}
