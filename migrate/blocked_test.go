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
	run, err := migrator(t, db, dir, migrate.WithLockTimeout(50*time.Millisecond, 20), migrate.WithObserver(func(e migrate.Event) {
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
	if len(told) == 0 || !strings.Contains(told[0], "blocker FROM busy") || !strings.Contains(told[0], "idle in transaction") {
		t.Fatalf("told %q", told)
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

func TestLockTimeoutEndsWithTheFile(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "CREATE TABLE a AS SELECT current_setting('lock_timeout') AS v;", "2_b.up.sql", loose+"CREATE TABLE b AS SELECT current_setting('lock_timeout') AS v;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var in, loose string
	if err := db.QueryRow("SELECT a.v, b.v FROM a, b").Scan(&in, &loose); err != nil || in != "3s" || loose != "0" {
		t.Fatalf("in a transaction %q, without %q, %v", in, loose, err)
	}
}
