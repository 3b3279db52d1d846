package chaos_test

import (
	"context"
	"database/sql"
	"os"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/plinth-db/plinth/internal/chaos"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.MainWithoutLeaks(m)) }

// bench is a database with the table, a proxy in front of it, and one pool on either side of the proxy.
type bench struct {
	proxy   *chaos.Proxy
	url     string // through the proxy
	direct  *sql.DB
	through *sql.DB
}

func newBench(t testing.TB, opts chaos.Options) *bench {
	t.Helper()
	url := pgtest.TestDatabase(t).URL()
	return newBenchOn(t, url, opts)
}

func newBenchOn(t testing.TB, url string, opts chaos.Options) *bench {
	t.Helper()
	p, via, err := chaos.Through(url, opts)
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	b := &bench{proxy: p, url: via, direct: open(t, url), through: open(t, via)}
	b.through.SetMaxOpenConns(1)
	_, err = b.direct.ExecContext(t.Context(), chaos.Table)
	must(t, err)
	return b
}

func open(t testing.TB, url string) *sql.DB {
	t.Helper()
	c, err := pq.NewConnector(url)
	must(t, err)
	db := sql.OpenDB(c)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// insert is one transaction as lib/pq sends it: Query BEGIN, Parse, Describe, Sync, Bind, Execute, Sync, Query COMMIT.
func insert(ctx context.Context, db *sql.DB, token string) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, chaos.Insert, token, 1); err != nil {
		return err
	}
	return tx.Commit()
}

func (b *bench) rows(t testing.TB, token string) (n int) {
	t.Helper()
	must(t, b.direct.QueryRowContext(t.Context(), "SELECT count(*) FROM tokens WHERE token = $1", token).Scan(&n))
	return n
}

// bounded is long enough for a machine under load and short enough to notice a hang.
const (
	bounded = 10 * time.Second
	shortly = 200 * time.Millisecond
)
