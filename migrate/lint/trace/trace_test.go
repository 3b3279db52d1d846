package trace_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
	"github.com/plinth-db/plinth/migrate/lint/trace"
)

// story is what all statements of all files were seen to do, one line each.
func story(files []trace.File) string {
	var b strings.Builder
	for _, f := range files {
		fmt.Fprintf(&b, "%s:", f.Version)
		if f.Untraced != "" {
			fmt.Fprintf(&b, " untraced after %s", f.Untraced)
		}
		if f.Err != nil {
			fmt.Fprintf(&b, " %d:%d %s", f.Err.Line, f.Err.Column, f.Err.Message)
		}
		b.WriteString("\n")
		for _, s := range f.Statements {
			b.WriteString("  " + told(s) + "\n")
		}
	}
	return b.String()
}

func expect(t *testing.T, files []trace.File, want string) {
	t.Helper()
	if got := story(files); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAFailureEndsTheTrace(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3", "4"}},
		"CREATE TABLE t (a int)",
		"ALTER TABLE t ADD b int;\nALTER TABLE t\n  ADD c nope;\nDROP TABLE t;",
		"DROP TABLE t", "SELECT 'x")
	expect(t, files, `2:
  locks t=AccessExclusive
  held t=AccessExclusive; failed 42704 at 3:9 rows=false commit=false
  not run
3: untraced after 2
  not run
4: untraced after 2
`)
	if e, at := files[0].Failed(); e == nil || at != 1 || !strings.Contains(e.Message, `"nope"`) {
		t.Errorf("got %v, %d", e, at)
	}
}

func TestAFailureOnRowsDoesNotEndTheTrace(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3"}},
		"CREATE TABLE t (a int)",
		"ALTER TABLE t ADD b int; ALTER TABLE t ALTER a SET NOT NULL; CREATE INDEX ON t (b)",
		"UPDATE t SET b = 1")
	expect(t, files, `2:
  locks t=AccessExclusive
  empty; held t=AccessExclusive; scans t; failed 23502 at 1:26 rows=true commit=false
  empty; held t=AccessExclusive; scans t
3:
  locks t=RowExclusive; scans t; writes t +0 ~3 -0 of 3
`)
}

func TestASecondFailureIsNotOfTheRows(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3"}},
		"CREATE TABLE t (a int)",
		"ALTER TABLE t ALTER a SET NOT NULL; SELECT 1 / 0; SELECT 1",
		"SELECT 1")
	expect(t, files, `2:
  empty; locks t=AccessExclusive; scans t; failed 23502 at 1:1 rows=true commit=false
  empty; held t=AccessExclusive; failed 22012 at 1:37 rows=false commit=false
  not run
3: untraced after 2
  not run
`)
}

func TestAUniqueIndexOnDuplicatesFailsOnRowsOnly(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2"}},
		"CREATE TABLE t (a boolean NOT NULL, b int)",
		"-- atlas:txmode none\nCREATE UNIQUE INDEX CONCURRENTLY u ON t (a);\nUPDATE t SET b = 1;")
	expect(t, files, `2:
  autocommit; empty; locks t=ShareUpdateExclusive; scans t; failed 23505 at 2:1 rows=true commit=false
  autocommit; empty; locks t=RowExclusive; scans t
`)
}

func TestACommitThatFailsIsTheLastStatements(t *testing.T) {
	files := traced(t, trace.Options{},
		"CREATE TABLE p (id int PRIMARY KEY); CREATE TABLE t (a int REFERENCES p DEFERRABLE INITIALLY DEFERRED)",
		"SELECT 1; INSERT INTO t VALUES (-77)")
	expect(t, files, `2:
  nothing
  locks t=RowExclusive; writes t +1 ~0 -0 of 3; failed 23503 at 1:11 rows=false commit=true
`)
}

func TestTheFilesOwnTransactionIsTakenOver(t *testing.T) {
	files := traced(t, trace.Options{}, "CREATE TABLE t (a int)", "BEGIN; DROP TABLE t; COMMIT")
	expect(t, files, `2:
  not run
  locks t=AccessExclusive; lost table t
  not run
`)
}

func TestAFileThatTheEngineRefusesIsAFailure(t *testing.T) {
	for up, want := range map[string]string{
		"SELECT 1;\nSELECT 'x":                 "2:8 ",
		"SELECT 1;\nCOMMIT;\nSELECT 2":         "2:1 COMMIT inside a file",
		"BEGIN ISOLATION LEVEL SERIALIZABLE":   "1:1 BEGIN inside a file",
		"\nCOPY (SELECT 1) TO STDOUT":          "2:1 COPY ... TO STDOUT",
		"-- atlas:txmode none\nBEGIN; COMMIT;": "2:1 BEGIN inside a file",
		"DISCARD ALL":                          "1:1 DISCARD ALL",
	} {
		files := traced(t, trace.Options{Versions: []string{"1", "2"}}, up, "SELECT 1")
		e, at := files[0].Failed()
		if e == nil || at != -1 || !strings.HasPrefix(fmt.Sprintf("%d:%d %s", e.Line, e.Column, e.Message), want) {
			t.Errorf("%q: got %v, %d, want %s", up, e, at, want)
		}
		if files[1].Untraced != "1" {
			t.Errorf("%q: the next file is untraced after %q", up, files[1].Untraced)
		}
	}
}

func TestAStatementDoesNotRunForEver(t *testing.T) {
	for _, up := range []string{"SELECT pg_sleep(600)", "-- atlas:txmode none\nSELECT pg_sleep(600)"} {
		start := time.Now()
		files := traced(t, trace.Options{StatementTimeout: 100 * time.Millisecond}, "CREATE TABLE t (a int)", up)
		if e, _ := files[0].Failed(); e == nil || e.SQLState != "57014" || time.Since(start) > 20*time.Second {
			t.Errorf("%q: got %v after %v", up, e, time.Since(start))
		}
	}
}

func TestALostConnectionIsAFailure(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3"}}, "CREATE TABLE t (a int)", "SELECT pg_terminate_backend(pg_backend_pid())", "DROP TABLE t")
	if e, at := files[0].Failed(); e == nil || at != 0 {
		t.Errorf("got %v, %d", e, at)
	}
	if files[1].Untraced != "2" {
		t.Error(story(files))
	}
}

func TestACanceledContextIsAnError(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	_, err := trace.Run(ctx, scratch(t), directory(t, "SELECT pg_sleep(600)"), trace.Options{Versions: []string{"1"}})
	if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(err.Error(), "1_m.up.sql:1:1: statement 1") {
		t.Errorf("got %v", err)
	}
}

func TestOneRunKnowsWhatItMade(t *testing.T) {
	ups := []string{"CREATE TABLE t (a int)", "CREATE TABLE n (a int)", "ALTER TABLE t ADD c int", "ALTER TABLE n ALTER a TYPE bigint; ALTER TABLE t DROP c; ALTER TABLE t DROP a"}
	expect(t, traced(t, trace.Options{Versions: []string{"2", "4"}}, ups...), `2:
  nothing
4:
  locks n=AccessExclusive; rewrites n; scans n
  locks t=AccessExclusive; held n=AccessExclusive; lost column t.c
  held n=AccessExclusive, t=AccessExclusive; lost column t.a
`)
	expect(t, traced(t, trace.Options{Versions: []string{"2", "4"}, OneRun: true}, ups...), `2:
  nothing
4:
  nothing
  locks t=AccessExclusive
  held t=AccessExclusive; lost column t.a
`)
}

func TestABaseWithRowsNeedsNone(t *testing.T) {
	const first = "CREATE TABLE t (a int)"
	apply := func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, first)
		return err
	}
	six := func(ctx context.Context, db *sql.DB) error {
		_, err := db.ExecContext(ctx, "INSERT INTO t VALUES (1), (2), (3), (4), (5), (NULL)")
		return err
	}
	ups := []string{first, "CREATE TABLE u (b int)", "ALTER TABLE t ALTER a SET NOT NULL; UPDATE t SET a = 1; UPDATE u SET b = 1", "UPDATE t SET a = 1; UPDATE u SET b = 1"}
	files, err := trace.Run(t.Context(), scratch(t, apply), directory(t, ups...), trace.Options{
		Versions: []string{"3", "4"}, Base: "1", Filled: scratch(t, apply, six),
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, files, `3:
  empty; locks t=AccessExclusive; scans t; failed 23502 at 1:1 rows=true commit=false
  empty; held t=AccessExclusive; scans t
  empty; locks u=RowExclusive; held t=AccessExclusive; scans u
4:
  locks t=RowExclusive; scans t; writes t +0 ~3 -0 of 3
  locks u=RowExclusive; held t=RowExclusive; scans u; writes u +0 ~3 -0 of 3
`)
	files, err = trace.Run(t.Context(), scratch(t, apply), directory(t, first, "UPDATE t SET a = 1"), trace.Options{
		Versions: []string{"2"}, Base: "1", Filled: scratch(t, apply, six),
	})
	if err != nil {
		t.Fatal(err)
	}
	expect(t, files, "2:\n  locks t=RowExclusive; scans t; writes t +0 ~6 -0 of 6\n")
}

func TestSeveralHeadsAreTraced(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3"}},
		"CREATE TABLE t (a int)", "-- plinth:parents 1\nALTER TABLE t ADD b int", "-- plinth:parents 1\nALTER TABLE t ADD c int")
	expect(t, files, "2:\n  locks t=AccessExclusive\n3:\n  locks t=AccessExclusive\n")
}

func TestWhatIsNotMeasuredMustRun(t *testing.T) {
	for _, c := range []struct {
		first string
		o     trace.Options
		want  string
	}{
		{"SELECT 1;\nSELECT nope", trace.Options{Versions: []string{"2"}}, `migrate: 1_m.up.sql:2:8: statement 2: column "nope" does not exist`},
		{"SELECT 'x", trace.Options{Versions: []string{"2"}}, "1_m.up.sql:1:8"},
		{"SELECT 1", trace.Options{Versions: []string{"7"}}, "version 7 has no file"},
		{"SELECT 1", trace.Options{Versions: []string{"2"}, Base: "7"}, "base 7 has no file"},
		{"SELECT 1", trace.Options{Versions: []string{"1"}, Base: "2"}, "version 1 is part of the base 2"},
		{"SELECT 1", trace.Options{Versions: []string{"1"}, StatementTimeout: -1}, "must be positive"},
	} {
		_, err := trace.Run(t.Context(), scratch(t), directory(t, c.first, "SELECT 1"), c.o)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q, %+v: got %v, want %s", c.first, c.o, err, c.want)
		}
	}
	_, err := trace.Run(t.Context(), scratch(t), directory(t, "SELECT nope", "SELECT 1"), trace.Options{Versions: []string{"2"}})
	if _, ok := errors.AsType[*migrate.ExecError](err); !ok {
		t.Errorf("got %T", err)
	}
}

func TestNothingToTrace(t *testing.T) {
	files, err := trace.Run(t.Context(), func(context.Context) (*sql.DB, func(), error) { return nil, nil, errors.New("asked for a database") }, directory(t, "SELECT 1"), trace.Options{})
	if files != nil || err != nil {
		t.Errorf("got %v, %v", files, err)
	}
}

func TestABlockThatCommitsIsWatchedFromOutside(t *testing.T) {
	files := traced(t, trace.Options{}, "CREATE TABLE t (a int)",
		"-- atlas:txmode none\nDO $$ BEGIN UPDATE t SET a = 1; COMMIT; LOCK TABLE t IN SHARE MODE; COMMIT; END $$")
	s := files[0].Statements[0]
	s.Locks, s.Sampled = nil, false // what is seen of the second lock is up to chance
	if got, want := told(s), "autocommit; scans t; writes t +0 ~3 -0 of 3"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestATableThatCannotBeFilledIsNoted(t *testing.T) {
	files := traced(t, trace.Options{}, "CREATE TABLE t (a int CHECK (a > 1 AND a < 1))", "ALTER TABLE t ADD b int", "CREATE TABLE u (a int CHECK (a > 1 AND a < 1) NOT NULL)", "SELECT 1")
	want := "no rows could be made for u: "
	if !slices.ContainsFunc(files[0].Notes, func(n string) bool { return strings.HasPrefix(n, want) && len(n) > len(want) }) {
		t.Errorf("got %q", files[0].Notes)
	}
}

func TestAnIndexNamesItsTable(t *testing.T) {
	files := traced(t, trace.Options{}, `CREATE SCHEMA s; CREATE TABLE s."T" (a int PRIMARY KEY); CREATE TABLE "order" (a int)`, `ALTER TABLE s."T" ALTER a TYPE bigint; DROP TABLE "order"`)
	want := []trace.Relation{{Name: `s."T"`, Kind: "table"}, {Name: `s."T_pkey"`, Kind: "index", Table: `s."T"`}}
	if got := files[0].Statements[0].Rewrites; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if got := files[0].Statements[1].Locks; len(got) != 1 || got[0] != (trace.Lock{Relation: trace.Relation{Name: `"order"`, Kind: "table"}, Mode: "AccessExclusiveLock"}) {
		t.Errorf("got %v", got)
	}
}

func TestSessionSettingsDoNotReachTheNextFile(t *testing.T) {
	files := traced(t, trace.Options{Versions: []string{"2", "3"}},
		"CREATE SCHEMA s; CREATE TABLE t (a timestamp)", "SET search_path = s; SET TimeZone = 'UTC'", "ALTER TABLE t ALTER a TYPE timestamptz")
	expect(t, files, "2:\n  nothing\n  nothing\n3:\n  locks t=AccessExclusive; rewrites t; scans t\n")
}

func TestFilesWithoutATransactionKeepTheirOrder(t *testing.T) {
	files := traced(t, trace.Options{}, "CREATE TABLE t (a int)",
		"-- atlas:txmode none\nALTER TABLE t ADD b int; SET lock_timeout = '1s'; CREATE INDEX CONCURRENTLY i ON t (b); DROP INDEX CONCURRENTLY i; ALTER TABLE t DROP b")
	expect(t, files, `2:
  autocommit; locks t=AccessExclusive
  autocommit
  autocommit; locks t=ShareUpdateExclusive; scans t
  autocommit; locks t=ShareUpdateExclusive
  autocommit; locks t=AccessExclusive
`)
}

// A statement that goes from table to table waits at the first of them only, so that what it does to the others is up to chance.
func TestWhatGoesFromTableToTableIsSampled(t *testing.T) {
	for up, want := range map[string]bool{
		"VACUUM FULL": true, "VACUUM (FULL, ANALYZE)": true, "VACUUM FULL a, b": true, "VACUUM FULL ANALYZE a (x)": false, "VACUUM (FULL) a": false, "REINDEX SCHEMA public": true,
	} {
		t.Run(up, func(t *testing.T) {
			t.Parallel()
			files := traced(t, trace.Options{}, "CREATE TABLE a (x int PRIMARY KEY); CREATE TABLE b (x int PRIMARY KEY)", "-- atlas:txmode none\n"+up)
			if s := files[0].Statements[0]; s.Err != nil || s.Sampled != want {
				t.Errorf("got %s", told(s))
			}
		})
	}
}
