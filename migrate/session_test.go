package migrate_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
)

func TestSessionOfARunReachesNobodyElse(t *testing.T) {
	db := database(t)
	db.SetMaxOpenConns(1)
	dir := directory(t, "1_dump.up.sql", `SELECT set_config('search_path', '', false); SET DateStyle = 'German'; CREATE TABLE public.a (id int);`)
	panics := []migrate.Option{migrate.WithTxMode(migrate.TxAll), migrate.WithObserver(func(e migrate.Event) {
		if e.Kind == migrate.EventStart {
			panic("observer")
		}
	})}
	for _, tc := range []struct {
		name string
		opts []migrate.Option
	}{{"observer panics", panics}, {"done", nil}} {
		func() {
			defer func() { _ = recover() }()
			_, _ = migrator(t, db, dir, tc.opts...).Up(t.Context())
		}()
		var path, inTx string
		if err := db.QueryRow("SELECT current_setting('search_path'), now() = statement_timestamp()").Scan(&path, &inTx); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(path, "public") || inTx != "true" {
			t.Errorf("%s: search_path %q, alone in its transaction %s", tc.name, path, inTx)
		}
		var locks int
		if err := db.QueryRow("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())").Scan(&locks); err != nil || locks != 0 {
			t.Errorf("%s: %d locks are held, %v", tc.name, locks, err)
		}
	}
}

func TestRevertGoesByLineageWhateverTheClockSaid(t *testing.T) {
	db := database(t)
	if _, err := migrator(t, db, three(t)).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	exec(t, db, "UPDATE atlas_schema_revisions.atlas_schema_revisions SET executed_at = now() + interval '1 h' WHERE version = '1'")
	if run, err := migrator(t, db, three(t)).DownTo(t.Context(), "-2"); err != nil || versions(run) != "3 2" {
		t.Fatalf("reverted %q: %v", versions(run), err)
	}
}

func TestStampOfAnEditedFileKeepsItsPlace(t *testing.T) {
	db := database(t)
	if _, err := migrator(t, db, three(t)).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	edited := three(t)
	writeFile(t, edited, "1_users.up.sql", "CREATE TABLE users (id int PRIMARY KEY); -- edited")
	if err := migrate.Hash(edited); err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	if st, err := migrator(t, db, edited).Stamp(t.Context(), "head"); err != nil || st.State != migrate.StateClean {
		t.Fatalf("%+v, %v", st, err)
	}
	if run, err := migrator(t, db, edited).Down(t.Context()); err != nil || versions(run) != "3" {
		t.Fatalf("reverted %q: %v", versions(run), err)
	}
}

func TestRunThatWasOvertakenWithoutTheLockFindsTheFileApplied(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "SELECT pg_advisory_unlock_all(); SELECT pg_advisory_lock(77); CREATE TABLE a (id int);", "2_b.up.sql", "CREATE TABLE b (id int);")
	blocker, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer blocker.Close()
	if _, err := blocker.ExecContext(t.Context(), "SELECT pg_advisory_lock(77)"); err != nil {
		t.Fatal(err)
	}
	first, second := make(chan error, 1), make(chan error, 1)
	go func() { _, err := migrator(t, db, dir).UpTo(context.Background(), "1"); first <- err }()
	waiting := func() (n int) {
		err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'advisory' AND datname = current_database()").Scan(&n)
		if err != nil {
			t.Error(err)
		}
		return n
	}
	waitUntil(t, func() bool { return waiting() == 1 })
	go func() {
		run, err := migrator(t, db, dir).Up(context.Background())
		if err == nil && versions(run) != "1 2" {
			err = errors.New("ran " + versions(run))
		}
		second <- err
	}()
	waitUntil(t, func() bool { return waiting() == 2 })
	if _, err := blocker.ExecContext(t.Context(), "SELECT pg_advisory_unlock(77)"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(<-first, <-second); err != nil {
		t.Fatal(err)
	}
	if tables(t, db) != "a b" || recorded(t, db) != "1 2" {
		t.Fatalf("tables %q, recorded %q", tables(t, db), recorded(t, db))
	}
}

func TestDefaultsOfTransactionsDoNotLeak(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql",
		"CREATE TABLE a (id int); SET default_transaction_read_only = on; SET default_transaction_isolation = 'serializable'; SET default_transaction_deferrable = on",
		"2_b.up.sql", "CREATE TABLE b AS SELECT current_setting('transaction_isolation') AS v",
		"3_c.up.sql", loose+"SET default_transaction_isolation = 'serializable'; SELECT 1",
		"4_d.up.sql", loose+"INSERT INTO b SELECT current_setting('transaction_isolation')")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var levels string
	if err := db.QueryRow("SELECT string_agg(v, ', ') FROM b").Scan(&levels); err != nil || levels != "read committed, read committed" {
		t.Fatal(levels, err)
	}
}

func TestColumnNamedLikeOurMarkerIsHarmless(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "SELECT 98 AS plinth_statement; SELECT NULL AS plinth_statement; SELECT 'x' AS plinth_statement; SELECT 1/0;")
	_, err := migrator(t, db, dir).Up(t.Context())
	if e, ok := errors.AsType[*migrate.ExecError](err); !ok || e.Statement != 4 {
		t.Fatalf("got %v", err)
	}
}

func TestManyAddsAtOnceEachGetTheirOwnVersion(t *testing.T) {
	dir := t.TempDir()
	now := time.Now()
	var all sync.WaitGroup
	for _, name := range strings.Fields("a b c d e f g h") {
		all.Go(func() {
			if _, err := migrate.Add(dir, now, migrate.NewFile{Name: name}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	d, err := migrate.ReadDir(os.DirFS(dir))
	if err != nil || d.Validate() != nil || len(d.Files()) != 8 || len(d.Heads()) != 1 {
		t.Fatalf("%v, %v", err, d)
	}
}
