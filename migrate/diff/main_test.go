package diff_test

import (
	"context"
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate/diff"
	"github.com/plinth-db/plinth/migrate/sqltext"
)

func TestMain(m *testing.M) { os.Exit(pgtest.Main(m)) }

// database is an empty one, closed and dropped when the test ends.
func database(t testing.TB) *sql.DB {
	t.Helper()
	db, err := pgtest.TestDatabase(t).SQL(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// scratch makes the databases that Plan asks for, and fails the test when one was not dropped.
func scratch(t testing.TB) diff.Scratch { return pgtest.Scratch(t) }

// directory stands for a migration directory: the up files in order.
type directory []string

func (d directory) replay(ctx context.Context, db *sql.DB) error {
	for _, up := range d {
		if _, err := db.ExecContext(ctx, up); err != nil {
			return err
		}
	}
	return nil
}

func input(t testing.TB, m *diff.Model, d directory) diff.Input {
	return diff.Input{Model: m, Scratch: scratch(t), Replay: d.replay, Verify: true}
}

// starts are directories that several tests begin with.
var starts sync.Map

// models loads each schema package once: it costs a second.
var models sync.Map

func model(t testing.TB, dir string) *diff.Model {
	t.Helper()
	load, _ := models.LoadOrStore(dir, sync.OnceValues(func() (*diff.Model, error) { return diff.LoadModel(dir) }))
	m, err := load.(func() (*diff.Model, error))()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// must runs statements together, but those of a file without a transaction one by one.
func must(t testing.TB, db *sql.DB, statements string) {
	t.Helper()
	for _, text := range steps(t, statements) {
		if _, err := db.ExecContext(t.Context(), text); err != nil {
			t.Fatalf("%v\nin:\n%s", err, statements)
		}
	}
}

func steps(t testing.TB, file string) (texts []string) {
	t.Helper()
	if !strings.HasPrefix(file, "-- atlas:txmode none") {
		return []string{file}
	}
	statements, err := sqltext.Split(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range statements {
		texts = append(texts, s.Text)
	}
	return texts
}
