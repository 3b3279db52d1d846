package migrate_test

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"sync"
	"testing"

	plinthdb "github.com/plinth-db/plinth/database"
	"github.com/plinth-db/plinth/internal/pgserver/pgtest"
	"github.com/plinth-db/plinth/migrate"
)

// pooled is a database twice: through a PgBouncer in transaction mode with two server connections, and direct.
func pooled(t *testing.T) (through, direct *sql.DB) {
	t.Helper()
	url := pgtest.TestDatabase(t).URL()
	cfg := plinthdb.DefaultConfig()
	cfg.URL = pgtest.PgBouncer(t, url, "ignore_startup_parameters = extra_float_digits")
	pool, err := plinthdb.OpenPool(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { pool.Close(context.Background()) })
	return pool.SQL(), connect(t, url)
}

func TestRunsBehindPgBouncer(t *testing.T) {
	through, direct := pooled(t)
	dir := directory(t, "1_a.up.sql", "SET search_path = pg_temp; CREATE TABLE public.a (id int);", "1_a.down.sql", "DROP TABLE a;",
		"2_b.up.sql", "CREATE TABLE b (id int); SELECT set_config('statement_timeout', '1h', false);", "2_b.down.sql", "DROP TABLE b;")
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := migrator(t, through, dir).Up(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if tables(t, direct) != "a b" || recorded(t, direct) != "1 2" {
		t.Fatalf("tables %q, recorded %q", tables(t, direct), recorded(t, direct))
	}
	for range 4 { // on whichever server connection
		var left string
		if err := through.QueryRow("SELECT current_setting('search_path') || ' ' || current_setting('statement_timeout')").Scan(&left); err != nil || left != `"$user", public 0` {
			t.Fatalf("left behind: %q, %v", left, err)
		}
	}
	if _, err := migrator(t, through, dir, migrate.WithTxMode(migrate.TxAll)).DownTo(t.Context(), migrate.Base); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, through, dir, migrate.WithTxMode(migrate.TxAll)).Up(t.Context()); err != nil || tables(t, direct) != "a b" {
		t.Fatal(err)
	}
	var locks int
	if err := direct.QueryRow("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'").Scan(&locks); err != nil || locks != 0 {
		t.Fatalf("%d advisory locks are held, %v", locks, err)
	}
}

func TestModeNoneIsRefusedBehindPgBouncer(t *testing.T) {
	through, direct := pooled(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);", "2_i.up.sql", loose+"CREATE INDEX CONCURRENTLY i ON a (id);")
	_, err := migrator(t, through, dir).Up(t.Context())
	if e, ok := errors.AsType[*migrate.DirError](err); !ok || e.File != "2_i.up.sql" || !strings.Contains(e.Reason, "the URL of the server itself") || tables(t, direct) != "" {
		t.Fatalf("%v, tables %q", err, tables(t, direct))
	}
}

// TestLockBehindPgBouncerExcludesDirectRuns, both ways.
func TestLockBehindPgBouncerExcludesDirectRuns(t *testing.T) {
	through, direct := pooled(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);")
	for holder, other := range map[*sql.DB]*sql.DB{through: direct, direct: through} {
		inside := make(chan struct{})
		goOn := make(chan struct{})
		held := migrator(t, holder, dir, migrate.WithObserver(func(e migrate.Event) {
			if e.Kind == migrate.EventStart {
				close(inside)
				<-goOn
			}
		}))
		result := make(chan error)
		go func() { _, err := held.Up(t.Context()); result <- err }()
		<-inside
		_, err := migrator(t, other, dir, migrate.WithLockWait(0)).Up(t.Context())
		close(goOn)
		if e, ok := errors.AsType[*migrate.LockError](err); !ok || !strings.Contains(e.Holder, "held by pid") {
			t.Errorf("got %v, want a LockError that names the holder", err)
		}
		if err := <-result; err != nil {
			t.Error(err)
		}
		exec(t, direct, "DROP TABLE a; DELETE FROM atlas_schema_revisions.atlas_schema_revisions")
	}
}

// TestMessageOfAKilledRunBehindPgBouncerIsWaitedFor: the server carries it out although its client, and with it the lock, has gone.
func TestMessageOfAKilledRunBehindPgBouncerIsWaitedFor(t *testing.T) {
	through, direct := pooled(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int); SELECT pg_sleep(1.5);")
	message, err := direct.Begin() // as such a message is
	if err != nil {
		t.Fatal(err)
	}
	var lock int64
	lost := migrator(t, through, dir, migrate.WithObserver(func(migrate.Event) {}))
	go lost.Up(t.Context())
	waitUntil(t, func() bool {
		err := direct.QueryRow("SELECT objid::bigint FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND a.wait_event = 'PgSleep'").Scan(&lock)
		return err == nil
	})
	waitUntil(t, func() bool { return tables(t, direct) == "a" })
	exec(t, direct, "DROP TABLE a; DELETE FROM atlas_schema_revisions.atlas_schema_revisions")
	if _, err := message.Exec("SELECT pg_advisory_xact_lock($1)", lock); err != nil {
		t.Fatal(err)
	}
	_, err = migrator(t, through, dir, migrate.WithLockWait(0)).Up(t.Context())
	if _, ok := errors.AsType[*migrate.LockError](err); !ok {
		t.Fatalf("got %v, want a LockError", err)
	}
	if err := message.Commit(); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, through, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}
