package database_test

import (
	"context"
	"os"
	"testing"
	"time"

	"entgo.io/ent/dialect"

	"github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/ent"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
)

func TestMain(m *testing.M) { os.Exit(pgtest.MainWithoutLeaks(m)) }

type entDB = database.DB[*ent.Client, *ent.Tx]

// config is a configuration for a fresh, empty database.
func config(t testing.TB) database.Config {
	t.Helper()
	cfg := database.DefaultConfig()
	cfg.URL = pgtest.TestDatabase(t).URL()
	cfg.RetryDelay = 10 * time.Millisecond
	return cfg
}

func open(t testing.TB, cfg database.Config, opts ...database.Option) *entDB {
	t.Helper()
	db, err := database.Open(t.Context(), cfg, newClient, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		if err := db.Close(ctx); err != nil {
			t.Error(err)
		}
	})
	return db
}

func newClient(d dialect.Driver) *ent.Client { return ent.NewClient(ent.Driver(d)) }

// withTokens opens a database with one table, tokens(token text primary key, n int).
func withTokens(t testing.TB, cfg database.Config, opts ...database.Option) *entDB {
	t.Helper()
	db := open(t, cfg, opts...)
	exec(t, db, "CREATE TABLE tokens (token text PRIMARY KEY, n int NOT NULL DEFAULT 0)")
	return db
}

func exec(t testing.TB, db *entDB, statement string) {
	t.Helper()
	if _, err := db.SQL().ExecContext(t.Context(), statement); err != nil {
		t.Fatal(err)
	}
}

func count(t testing.TB, db *entDB, where string) (n int) {
	t.Helper()
	if err := db.SQL().QueryRowContext(context.Background(), "SELECT count(*) FROM tokens WHERE "+where).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func insert(ctx context.Context, tx *ent.Tx, token string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO tokens VALUES ($1)", token)
	return err
}
