package migrate_test

import (
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/plinth-db/plinth/migrate"
)

// block opens a transaction that has read the table busy.
func block(t *testing.T, db *sql.DB) *sql.Tx {
	t.Helper()
	exec(t, db, "CREATE TABLE IF NOT EXISTS busy (id int)")
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.Exec("SELECT count(*) AS blocker FROM busy"); err != nil {
		t.Fatal(err)
	}
	return tx
}

func TestFileThatDidNotGetItsLockIsRunAgainAsAWhole(t *testing.T) {
	db := database(t)
	blocker := block(t, db)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int); ALTER TABLE busy ADD COLUMN c int;")
	var told []string
	run, err := migrator(t, db, dir, migrate.WithLockTimeout(200*time.Millisecond, 20), migrate.WithObserver(func(e migrate.Event) {
		if e.Kind == migrate.EventBlocked {
			told = append(told, e.Detail)
			if err := blocker.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
				t.Error(err)
			}
		}
	})).Up(t.Context())
	if err != nil || versions(run) != "1" || tables(t, db) != "a busy" {
		t.Fatalf("ran %q: %v", versions(run), err)
	}
	if len(told) == 0 || !strings.Contains(told[0], "Blocked by pid") || !strings.Contains(told[0], "blocker FROM busy") || !strings.Contains(told[0], "idle in transaction") {
		t.Fatalf("told %q", told)
	}
}

// TestLongBlocker: while a transaction holds a table for a long time, up backs off, so that nobody who writes to the table is held up
// for longer than its bound; once the transaction has ended, up comes through.
func TestLongBlocker(t *testing.T) {
	const bound, held = 300 * time.Millisecond, 4 * time.Second
	db := database(t)
	blocker := block(t, db)
	release := time.AfterFunc(held, func() { _ = blocker.Rollback() })
	defer release.Stop()
	stop := make(chan struct{})
	longest := make(chan time.Duration)
	go func() {
		var most time.Duration
		for writes := 0; ; writes++ {
			select {
			case <-stop:
				t.Logf("%d writes, the longest took %v", writes, most)
				longest <- most
				return
			default:
			}
			start := time.Now()
			if _, err := db.Exec("INSERT INTO busy (id) VALUES (1)"); err != nil {
				t.Error(err)
			}
			most = max(most, time.Since(start))
		}
	}()
	blocked := 0
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);\nALTER TABLE busy ADD COLUMN c int;")
	start := time.Now()
	_, err := migrator(t, db, dir, migrate.WithLockTimeout(bound, 50), migrate.WithObserver(func(e migrate.Event) {
		if e.Kind == migrate.EventBlocked {
			blocked++
		}
	})).Up(t.Context())
	took := time.Since(start)
	close(stop)
	most := <-longest
	if err != nil || blocked < 2 || took < held-time.Second {
		t.Errorf("%v after %v and %d attempts in vain", err, took, blocked)
	}
	if most > bound+250*time.Millisecond || most < bound/2 { // or the writer was never behind the file
		t.Errorf("a write took %v", most)
	}
}

func TestBlockedFileGivesUpAndNamesWhoMayHoldTheLock(t *testing.T) {
	db := database(t)
	block(t, db)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a (id int);\nALTER TABLE busy ADD COLUMN c int;")
	_, err := migrator(t, db, dir, migrate.WithLockTimeout(20*time.Millisecond, 2)).Up(t.Context())
	e, ok := errors.AsType[*migrate.ExecError](err)
	if !ok || e.SQLState != "55P03" || e.Line != 2 || !strings.Contains(err.Error(), "2 attempt(s)") || !strings.Contains(err.Error(), "blocker FROM busy") {
		t.Fatalf("got %v", err)
	}
	if tables(t, db) != "busy" || recorded(t, db) != "" {
		t.Fatalf("tables %q, recorded %q", tables(t, db), recorded(t, db))
	}
}

// TestTimeoutsOfAFile: the default, a directive, what the file sets itself, and none for what has to wait. Nothing of it lasts.
func TestTimeoutsOfAFile(t *testing.T) {
	const look = " AS SELECT current_setting('lock_timeout') || ' ' || current_setting('statement_timeout') AS v;\n"
	for name, c := range map[string]struct{ file, want string }{
		"default":                        {"CREATE TABLE a" + look, "3s 0"},
		"without a transaction":          {loose + "CREATE TABLE a" + look, "3s 0"},
		"directives":                     {"-- plinth:lock-timeout 250ms\n-- plinth:statement-timeout 90\nCREATE TABLE a" + look, "250ms 90s"},
		"directives, no transaction":     {loose + "-- plinth:lock-timeout 0\n-- plinth:statement-timeout 2m\nCREATE TABLE a" + look, "0 2min"},
		"its own":                        {"SET lock_timeout = '7s'; CREATE TABLE a" + look, "7s 0"},
		"its own, no transaction":        {loose + "SET lock_timeout = '7s'; CREATE TABLE a" + look, "7s 0"},
		"its own after a build":          {loose + "SET lock_timeout = '7s'; CREATE TABLE c (id int); CREATE INDEX CONCURRENTLY i ON c (id); CREATE TABLE a" + look, "7s 0"},
		"directive after a build":        {loose + "-- plinth:statement-timeout 2m\nCREATE TABLE c (id int); CREATE INDEX CONCURRENTLY i ON c (id); CREATE TABLE a" + look, "3s 2min"},
		"a block that commits by itself": {loose + "-- plinth:repeatable\nDO $$ BEGIN COMMIT; CREATE TABLE a" + look + " END $$", "3s 0"},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			dir := directory(t, "1_a.up.sql", c.file, "2_b.up.sql", "-- plinth:lock-timeout 0\nCREATE TABLE b"+look)
			if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
				t.Fatal(err)
			}
			var a, b string
			if err := db.QueryRow("SELECT a.v, b.v FROM a, b").Scan(&a, &b); err != nil || a != c.want || b != "0 0" {
				t.Fatalf("%q, want %q; in the next file %q; %v", a, c.want, b, err)
			}
		})
	}
}

func TestWrongDirectivesAreRefused(t *testing.T) {
	for directive, want := range map[string]string{
		"plinth:lock-timeout soon":      `1_a.up.sql:1: plinth:lock-timeout: "soon" is not a duration`,
		"plinth:lock-timeout -1s":       "is not a duration",
		"plinth:statement-timeout":      "is not a duration",
		"plinth:lock-timeout 100000h":   "at most 24 days",
		"plinth:lock_timeout 5s":        "plinth:lock_timeout is not a directive; there are",
		"atlas:txmode sometimes":        `"sometimes" is not known`,
		"plinth:irreversible up is odd": "",
	} {
		_, err := migrator(t, database(t), directory(t, "1_a.up.sql", "-- "+directive+"\nSELECT 1")).Up(t.Context())
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", directive, err)
		}
	}
}

// TestValidateWaitsForItsLock, as nobody waits for it, and the statements after it have the bound again.
func TestValidateWaitsForItsLock(t *testing.T) {
	for _, mode := range []string{"", loose} {
		db := database(t)
		exec(t, db, "CREATE TABLE busy (id int); ALTER TABLE busy ADD CONSTRAINT c CHECK (id > 0) NOT VALID")
		tx, err := db.Begin()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.Exec("LOCK TABLE busy IN SHARE UPDATE EXCLUSIVE MODE"); err != nil {
			t.Fatal(err)
		}
		dir := directory(t, "1_a.up.sql", mode+"ALTER TABLE busy VALIDATE CONSTRAINT c;\nCREATE TABLE a AS SELECT current_setting('lock_timeout') AS v;")
		var sawBlocker string
		_, err = migrator(t, db, dir, migrate.WithLockTimeout(50*time.Millisecond, 1), migrate.WithObserver(func(e migrate.Event) {
			if e.Kind == migrate.EventRunning && tx != nil {
				sawBlocker = e.Detail
				if err := tx.Rollback(); err != nil {
					t.Error(err)
				}
				tx = nil
			}
		})).Up(t.Context())
		if err != nil || !strings.Contains(sawBlocker, "SHARE UPDATE EXCLUSIVE") {
			t.Fatalf("%v; seen: %q", err, sawBlocker)
		}
		var v string
		if err := db.QueryRow("SELECT v FROM a").Scan(&v); err != nil || v != "50ms" {
			t.Fatal(v, err)
		}
	}
}
