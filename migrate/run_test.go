package migrate_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
)

func TestUpAndDownGoToTheirTargets(t *testing.T) {
	type leg struct {
		down         bool
		target, ran  string
		tables, from string
	}
	for name, legs := range map[string][]leg{
		"head and base":  {{false, "head", "1 2 3", "posts tags users", ""}, {true, "base", "3 2 1", "", "3"}, {false, "", "1 2 3", "posts tags users", ""}},
		"steps":          {{false, "+1", "1", "users", ""}, {false, "+2", "2 3", "posts tags users", "1"}, {true, "-1", "3", "posts users", "3"}, {true, "-2", "2 1", "", "2"}},
		"versions":       {{false, "2", "1 2", "posts users", ""}, {false, "2", "", "posts users", "2"}, {false, "3", "3", "posts tags users", "2"}, {true, "1", "3 2", "users", "3"}},
		"default down":   {{false, "head", "1 2 3", "posts tags users", ""}, {true, "", "3", "posts users", "3"}},
		"nothing left":   {{false, "head", "1 2 3", "posts tags users", ""}, {false, "head", "", "posts tags users", "3"}},
		"base when base": {{true, "base", "", "", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			db, dir := database(t), three(t)
			for _, leg := range legs {
				m := migrator(t, db, dir)
				move := m.UpTo
				if leg.down {
					move = m.DownTo
				}
				run, err := move(t.Context(), leg.target)
				if err != nil {
					t.Fatal(err)
				}
				if got := versions(run); got != leg.ran || run.From != leg.from {
					t.Fatalf("%+v: ran %q from %q", leg, got, run.From)
				}
				if got := tables(t, db); got != leg.tables {
					t.Fatalf("%+v: tables %q", leg, got)
				}
			}
		})
	}
}

func TestTargetsThatDoNotExistNameTheNearest(t *testing.T) {
	db := database(t)
	dir := directory(t, "20260101000000_a.up.sql", "", "20260201000000_b.up.sql", "", "20260301000000_c.up.sql", "", "20260401000000_d.up.sql", "")
	m := migrator(t, db, dir)
	if _, err := m.UpTo(t.Context(), "20260201000000"); err != nil {
		t.Fatal(err)
	}
	for name, tc := range map[string]struct {
		move   func(context.Context, string) (*migrate.Run, error)
		target string
		want   []string
	}{
		"unknown":          {m.UpTo, "20260215000000", []string{"no such version", "20260201000000", "20260301000000"}},
		"not a number":     {m.UpTo, "latest", []string{"no such version", "20260401000000"}},
		"ambiguous":        {m.UpTo, "2026", []string{"beginning of 4 versions"}},
		"too many":         {m.UpTo, "+3", []string{"only 2"}},
		"zero steps":       {m.UpTo, "+0", []string{"+1"}},
		"behind":           {m.UpTo, "20260101000000", []string{"plinth down"}},
		"up to base":       {m.UpTo, "base", []string{"target of down"}},
		"down to head":     {m.DownTo, "head", []string{"target of up"}},
		"past beginning":   {m.DownTo, "-3", []string{"only 2", "base"}},
		"down to pending":  {m.DownTo, "20260301000000", []string{"is not applied", "20260201000000"}},
		"down to garbage":  {m.DownTo, "-x", []string{"-1"}},
		"down to unknown":  {m.DownTo, "5", []string{"no such version"}},
		"prefix of two ok": {m.UpTo, "20260", []string{"beginning of"}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tc.move(t.Context(), tc.target)
			if _, ok := errors.AsType[*migrate.TargetError](err); !ok {
				t.Fatalf("got %v, want a TargetError", err)
			}
			for _, want := range tc.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
		})
	}
	if got := recorded(t, db); got != "20260101000000 20260201000000" {
		t.Fatalf("recorded: %s", got)
	}
	if run, err := m.UpTo(t.Context(), "202603"); err != nil || versions(run) != "20260301000000" {
		t.Fatalf("unique prefix: %v", err)
	}
}

// TestFailedStatementIsNamedAndNothingOfItsFileIsApplied covers errors with and without a position of the server's.
func TestFailedStatementIsNamedAndNothingOfItsFileIsApplied(t *testing.T) {
	for name, tc := range map[string]struct {
		sql                     string
		statement, line, column int
		state, text             string
	}{
		"with a position":    {"CREATE TABLE a (id int);\n\nSELECT 1,\n  nonsense FROM a;", 2, 4, 3, "42703", "nonsense"},
		"without":            {"CREATE TABLE a (id int);\n  INSERT INTO a SELECT 1/(id-id) FROM (VALUES (1)) v(id);", 2, 2, 3, "22012", "INSERT"},
		"first":              {"SELEC 1;", 1, 1, 1, "42601", "SELEC"},
		"after non-ASCII":    {"COMMENT ON SCHEMA public IS 'äöü€𝄞';\nSELECT 'ä', zzz;", 2, 2, 13, "42703", "zzz"},
		"after many rows":    {"SELECT * FROM generate_series(1, 1000);\nSELECT 1/0;", 2, 2, 1, "22012", "1/0"},
		"deferred at COMMIT": {"CREATE TABLE a (id int PRIMARY KEY);\nCREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO b VALUES (1);", 0, 0, 0, "23503", "violates"},
		"in a DO block":      {"DO $$\nBEGIN\n  RAISE EXCEPTION 'stop';\nEND $$;", 1, 1, 1, "P0001", "stop"},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			dir := directory(t, "1_ok.up.sql", "CREATE TABLE ok (id int);", "2_bad.up.sql", tc.sql)
			run, err := migrator(t, db, dir).Up(t.Context())
			e, ok := errors.AsType[*migrate.ExecError](err)
			if !ok {
				t.Fatalf("got %v, want an ExecError", err)
			}
			if e.Version != "2" || e.Statement != tc.statement || e.Line != tc.line || e.Column != tc.column || e.SQLState != tc.state {
				t.Errorf("got version %s, statement %d at %d:%d, %s", e.Version, e.Statement, e.Line, e.Column, e.SQLState)
			}
			for _, want := range []string{"2_bad.up.sql", tc.text, "Nothing of this file was applied", tc.state} {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("%q is not in: %v", want, err)
				}
			}
			if versions(run) != "1" || tables(t, db) != "ok" || recorded(t, db) != "1" {
				t.Errorf("ran %q, tables %q, recorded %q", versions(run), tables(t, db), recorded(t, db))
			}
		})
	}
}

func TestPasswordsInStatementsStayOutOfErrors(t *testing.T) {
	db := database(t)
	for _, sql := range []string{
		"CREATE ROLE pg_x LOGIN PASSWORD 's3cret-pw'", `ALTER ROLE absent PASSWORD E'x\'s3cret-pw'`, "ALTER ROLE absent PASSWORD /* x */ $$s3cret-pw$$",
		"CREATE SUBSCRIPTION s CONNECTION 'host=localhost port=1 password=s3cret-pw' PUBLICATION p",
		"SELECT no_such_function('postgres://u:s3cret-pw@h/d')", "DO $$ BEGIN EXECUTE 'ALTER ROLE absent PASSWORD ''s3cret-pw'''; END $$",
	} {
		for _, mode := range []string{"", loose} {
			_, err := migrator(t, db, directory(t, "1_role.up.sql", mode+sql)).Up(t.Context())
			if err == nil || strings.Contains(err.Error(), "s3cret-pw") {
				t.Errorf("%s: %v", sql, err)
			}
			if mode == loose {
				exec(t, db, "DELETE FROM atlas_schema_revisions.atlas_schema_revisions")
			}
		}
	}
}

func TestFilesThatCannotRunAreRefusedBeforeAnythingRuns(t *testing.T) {
	for name, tc := range map[string]struct{ sql, want string }{
		"transaction inside": {"SELECT 1;\nCOMMIT;\nSELECT 2;", "2_bad.up.sql:2:1: COMMIT inside a file"},
		"two transactions":   {"BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 2; COMMIT;", "inside a file"},
		"concurrently":       {"CREATE INDEX CONCURRENTLY i ON ok (id);", "atlas:txmode none"},
		"vacuum":             {"VACUUM;", "VACUUM cannot run in a transaction"},
		"open quote":         {"SELECT 'x;", "2_bad.up.sql:1:8"},
		"psql command":       {"SELECT 1;\n\\connect other\n", "2_bad.up.sql:2:1"},
		"copy to stdout":     {"COPY (SELECT 1) TO STDOUT;", "nobody to write to"},
		"unknown mode":       {"-- atlas:txmode never\nSELECT 1;", `txmode "never"`},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			dir := directory(t, "1_ok.up.sql", "CREATE TABLE ok (id int);", "2_bad.up.sql", tc.sql)
			_, err := migrator(t, db, dir).Up(t.Context())
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v, want %q", err, tc.want)
			}
			if got := tables(t, db); got != "" {
				t.Fatalf("file 1 ran: %s", got)
			}
		})
	}
}

func TestOneTransactionAroundAFileIsAbsorbed(t *testing.T) {
	db := database(t)
	dir := directory(t,
		"1_a.up.sql", "-- as found in the wild\nBEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n",
		"2_b.up.sql", "START TRANSACTION; CREATE TABLE b (id int); SELECT 1/0; END;")
	run, err := migrator(t, db, dir).Up(t.Context())
	if err == nil || versions(run) != "1" || run.Migrations[0].Statements != 1 || tables(t, db) != "a" {
		t.Fatalf("ran %q, tables %q, %v", versions(run), tables(t, db), err)
	}
}

func TestNothingThatAFileSetsReachesTheNext(t *testing.T) {
	db := database(t)
	dir := directory(t,
		"1_set.up.sql", `CREATE SCHEMA other; CREATE ROLE plinth_test_leak; SELECT set_config('search_path', 'other', false);
SET statement_timeout = '1h'; CREATE TEMP TABLE scratch (id int); PREPARE p AS SELECT 1; SET ROLE plinth_test_leak;`,
		"1_set.down.sql", "DROP SCHEMA other CASCADE; DROP ROLE plinth_test_leak;",
		"2_look.up.sql", `CREATE TABLE seen AS SELECT current_user::text AS who, current_setting('statement_timeout') AS timeout,
to_regclass('scratch') IS NULL AS no_temp, (SELECT count(*) FROM pg_prepared_statements) AS prepared;`)
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var who, timeout, me string
	var noTemp bool
	var prepared int
	if err := db.QueryRow("SELECT *, session_user FROM public.seen").Scan(&who, &timeout, &noTemp, &prepared, &me); err != nil {
		t.Fatal(err)
	}
	if who != me || timeout != "0" || !noTemp || prepared != 0 {
		t.Fatalf("leaked: role %s, timeout %s, temp table gone %v, %d prepared", who, timeout, noTemp, prepared)
	}
	if _, err := migrator(t, db, dir).DownTo(t.Context(), "base"); err == nil {
		t.Fatal("2 has no down file")
	}
	exec(t, db, "DROP TABLE public.seen; DROP SCHEMA other; DROP ROLE plinth_test_leak")
}

func TestTenRunsAtOnceApplyEachFileOnce(t *testing.T) {
	db, dir := database(t), three(t)
	var all sync.WaitGroup
	var mu sync.Mutex
	total := 0
	for range 10 {
		all.Go(func() {
			run, err := migrator(t, db, dir).Up(t.Context())
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			total += len(run.Migrations)
			mu.Unlock()
		})
	}
	all.Wait()
	if total != 3 || recorded(t, db) != "1 2 3" {
		t.Fatalf("%d files ran, recorded %s", total, recorded(t, db))
	}
}

func TestSecondRunSaysWhoHoldsTheLockAndThenFindsNothingToDo(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_slow.up.sql", "SELECT pg_advisory_lock(42), 'slow work';")
	blocker, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer blocker.Close()
	if _, err := blocker.ExecContext(t.Context(), "SELECT pg_advisory_lock(42)"); err != nil {
		t.Fatal(err)
	}
	started := make(chan struct{})
	first := make(chan error, 1)
	m := migrator(t, db, dir, migrate.WithObserver(func(e migrate.Event) {
		if e.Kind == migrate.EventStart {
			close(started)
		}
	}))
	go func() {
		_, err := m.Up(context.Background())
		first <- err
	}()
	<-started
	waitUntil(t, func() bool {
		var n int
		err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%slow work%' AND wait_event = 'advisory' AND pid <> pg_backend_pid()").Scan(&n)
		return err == nil && n == 1
	})
	_, err = migrator(t, db, dir, migrate.WithLockWait(0)).Up(t.Context())
	e, ok := errors.AsType[*migrate.LockError](err)
	if !ok || !strings.Contains(e.Holder, "held by pid") {
		t.Fatalf("got %v, want a LockError that names the holder", err)
	}
	waiting := make(chan string, 1)
	second := make(chan error, 1)
	go func() {
		run, err := migrator(t, db, dir, migrate.WithObserver(func(e migrate.Event) {
			if e.Kind == migrate.EventWaiting {
				waiting <- e.Detail
			}
		})).Up(context.Background())
		if err == nil && len(run.Migrations) != 0 {
			err = errors.New("ran " + versions(run))
		}
		second <- err
	}()
	if detail := <-waiting; !strings.Contains(detail, "held by pid") {
		t.Errorf("told %q while waiting", detail)
	}
	if _, err := blocker.ExecContext(t.Context(), "SELECT pg_advisory_unlock(42)"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(<-first, <-second); err != nil {
		t.Fatal(err)
	}
}

func waitUntil(t *testing.T, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !ok(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
	}
}

// TestLostConnectionIsSettled ends the runner's own backend in the middle of a file and right after its COMMIT.
func TestLostConnectionIsSettled(t *testing.T) {
	t.Run("rolled back", func(t *testing.T) {
		db := database(t)
		dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int); SELECT pg_terminate_backend(pg_backend_pid());")
		_, err := migrator(t, db, dir).Up(t.Context())
		if e, ok := errors.AsType[*migrate.ExecError](err); !ok || e.Version != "1" {
			t.Fatalf("got %v, want an ExecError: the fate is known", err)
		}
		if tables(t, db) != "" || recorded(t, db) != "" {
			t.Fatal("something is left")
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		db := database(t)
		dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);", "2_b.up.sql", "CREATE TABLE b (id int); SELECT pg_sleep(600);")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		run, err := migrator(t, db, dir, migrate.WithObserver(func(e migrate.Event) {
			if e.Kind == migrate.EventStart && e.Version == "2" {
				time.AfterFunc(100*time.Millisecond, cancel)
			}
		})).Up(ctx)
		if !errors.Is(err, context.Canceled) || versions(run) != "1" || tables(t, db) != "a" || recorded(t, db) != "1" {
			t.Fatalf("ran %q, tables %q: %v", versions(run), tables(t, db), err)
		}
		if run, err := migrator(t, db, directoryWithout(t), migrate.WithLockWait(0)).Up(t.Context()); err == nil {
			t.Fatalf("another directory was accepted: %v", run)
		} else if _, locked := errors.AsType[*migrate.LockError](err); locked {
			t.Fatal("the lock is still held")
		}
	})
}

func directoryWithout(t *testing.T) string { return directory(t, "9_z.up.sql", "SELECT 1;") }

func TestModeAllIsAllOrNothing(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);", "2_b.up.sql", "SELECT 1/0;")
	var done []string
	run, err := migrator(t, db, dir, migrate.WithTxMode(migrate.TxAll), migrate.WithObserver(func(e migrate.Event) {
		if e.Kind == migrate.EventDone {
			done = append(done, e.Version)
		}
	})).Up(t.Context())
	if len(done) > 0 {
		t.Errorf("%v were told as done before anything was committed", done)
	}
	if e, ok := errors.AsType[*migrate.ExecError](err); !ok || e.Version != "2" || len(run.Migrations) != 0 || tables(t, db) != "" || recorded(t, db) != "" {
		t.Fatalf("ran %q, tables %q: %v", versions(run), tables(t, db), err)
	}
	run, err = migrator(t, db, three(t), migrate.WithTxMode(migrate.TxAll)).Up(t.Context())
	if err != nil || versions(run) != "1 2 3" || recorded(t, db) != "1 2 3" {
		t.Fatalf("ran %q: %v", versions(run), err)
	}
	run, err = migrator(t, db, three(t), migrate.WithTxMode(migrate.TxAll)).DownTo(t.Context(), "base")
	if err != nil || versions(run) != "3 2 1" || tables(t, db) != "" {
		t.Fatalf("ran %q: %v", versions(run), err)
	}
	loose := directory(t, "1_v.up.sql", "-- atlas:txmode none\nVACUUM;")
	if _, err := migrator(t, db, loose, migrate.WithTxMode(migrate.TxAll)).Up(t.Context()); err == nil || !strings.Contains(err.Error(), "1_v.up.sql") {
		t.Fatalf("got %v, want a refusal", err)
	}
}

// TestModeAllRecordsTheOrderAndTheTimes although the rows of all files are written at once.
func TestModeAllRecordsTheOrderAndTheTimes(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);", "1_a.down.sql", "DROP TABLE a;",
		"2_b.up.sql", "-- plinth:parents 3\nCREATE TABLE b (id int);", "2_b.down.sql", "DROP TABLE b;",
		"3_c.up.sql", "-- plinth:parents 1\nSET search_path = pg_temp; CREATE TABLE public.c (id int); SELECT pg_sleep(0.05);", "3_c.down.sql", "DROP TABLE c;")
	for _, want := range []string{"up 1, up 3, up 2", "up 1, up 3, up 2, down 2, down 3, down 1"} {
		m := migrator(t, db, dir, migrate.WithTxMode(migrate.TxAll))
		run, err := m.Up(t.Context())
		if strings.Contains(want, "down") {
			run, err = m.DownTo(t.Context(), migrate.Base)
		}
		if err != nil {
			t.Fatal(err)
		}
		var got string
		if err := db.QueryRow("SELECT string_agg(action || ' ' || version, ', ' ORDER BY id) FROM atlas_schema_revisions.plinth_log").Scan(&got); err != nil || got != want {
			t.Errorf("after %s: %q in the log, %v", versions(run), got, err)
		}
		if strings.Contains(want, "down") {
			continue
		}
		var order string
		var slow int64
		if err := db.QueryRow(`SELECT string_agg(version, ' ' ORDER BY executed_at), max(execution_time) FILTER (WHERE version = '3')
  FROM atlas_schema_revisions.atlas_schema_revisions WHERE applied = total AND execution_time > 0`).Scan(&order, &slow); err != nil {
			t.Fatal(err)
		}
		if order != "1 3 2" || time.Duration(slow) < 50*time.Millisecond {
			t.Errorf("rows in the order %s, and 3 took %v", order, time.Duration(slow))
		}
	}
}

func TestFileWithoutTransactionResumesWhereItStopped(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE t (id int); INSERT INTO t VALUES (1), (1)")
	up := "-- atlas:txmode none\nCREATE INDEX CONCURRENTLY a ON t (id);\nCREATE TABLE unique_here (id int);\nSELECT 1 / (SELECT count(*) FROM t WHERE id = 2);\nCREATE TABLE last (id int);"
	dir := directory(t, "1_loose.up.sql", up, "2_next.up.sql", "CREATE TABLE next (id int);")
	_, err := migrator(t, db, dir).Up(t.Context())
	e, ok := errors.AsType[*migrate.ExecError](err)
	if !ok || e.Statement != 3 || e.Applied != 2 || e.Line != 4 || !strings.Contains(err.Error(), "2 statement(s) before this one stay applied") {
		t.Fatalf("got %v", err)
	}
	st, err := migrator(t, db, dir).Status(t.Context())
	if err != nil || st.State != migrate.StatePartial || st.Partial.Applied != 2 || st.Partial.Total != 4 || st.Partial.Error == "" {
		t.Fatalf("status %+v, %v", st, err)
	}
	exec(t, db, "INSERT INTO t VALUES (2)")
	changed := directory(t, "1_loose.up.sql", strings.Replace(up, "INDEX CONCURRENTLY a", "INDEX CONCURRENTLY z", 1), "2_next.up.sql", "")
	if _, err := migrator(t, db, changed).Up(t.Context()); err == nil {
		t.Fatal("resumed a file whose statements were changed")
	}
	run, err := migrator(t, db, dir).Up(t.Context())
	if err != nil || versions(run) != "1 2" || run.Migrations[0].Statements != 2 {
		t.Fatalf("ran %q: %v", versions(run), err)
	}
	if st, err := migrator(t, db, dir).Status(t.Context()); err != nil || st.State != migrate.StateClean {
		t.Fatalf("status %+v, %v", st, err)
	}
}

func TestRevertWithoutTransactionResumesToo(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int); CREATE TABLE b (id int); CREATE TABLE guard (id int); INSERT INTO guard VALUES (0);",
		"1_a.down.sql", "-- atlas:txmode none\nDROP TABLE a;\nSELECT 1 / id FROM guard;\nDROP TABLE b, guard;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err == nil {
		t.Fatal("want an error")
	}
	if _, err := migrator(t, db, dir).Up(t.Context()); err == nil || !strings.Contains(err.Error(), "plinth down again") {
		t.Fatalf("up in the middle of a revert: %v", err)
	}
	exec(t, db, "UPDATE guard SET id = 1")
	run, err := migrator(t, db, dir).Down(t.Context())
	if err != nil || run.Migrations[0].Statements != 3 && run.Migrations[0].Statements != 2 || tables(t, db) != "" || recorded(t, db) != "" {
		t.Fatalf("%+v, %v, tables %q", run, err, tables(t, db))
	}
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestDownRefusesWhatItCannotUndoBeforeAnythingRuns(t *testing.T) {
	db := database(t)
	dir := directory(t,
		"1_a.up.sql", "CREATE TABLE a (id int);",
		"2_b.up.sql", "DROP TABLE a;", "2_b.down.sql", "-- plinth:irreversible rows of a are gone\nCREATE TABLE a (id int);",
		"3_c.up.sql", "CREATE TABLE c (id int);", "3_c.down.sql", "DROP TABLE c;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err := migrator(t, db, dir).DownTo(t.Context(), "1")
	if e, ok := errors.AsType[*migrate.IrreversibleError](err); !ok || !strings.Contains(e.Error(), "2 (rows of a are gone)") || tables(t, db) != "c" {
		t.Fatalf("got %v", err)
	}
	if _, err := migrator(t, db, dir).DownTo(t.Context(), "base"); err == nil || !strings.Contains(err.Error(), "1_a.down.sql") {
		t.Fatalf("got %v, want the missing file named", err)
	}
	run, err := migrator(t, db, dir, migrate.WithAllowIrreversible()).DownTo(t.Context(), "1")
	if err != nil || versions(run) != "3 2" || tables(t, db) != "a" {
		t.Fatalf("ran %q: %v", versions(run), err)
	}
}

func TestDryRunChangesNothing(t *testing.T) {
	db, dir := database(t), three(t)
	run, err := migrator(t, db, dir, migrate.WithDryRun()).Up(t.Context())
	if err != nil || versions(run) != "1 2 3" || run.To != "3" || run.Migrations[1].Statements != 2 {
		t.Fatalf("%+v, %v", run, err)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM pg_namespace WHERE nspname = 'atlas_schema_revisions'").Scan(&n); err != nil || n != 0 || tables(t, db) != "" {
		t.Fatalf("the dry run left %d schemas, tables %q, %v", n, tables(t, db), err)
	}
}
