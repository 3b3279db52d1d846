package migrate_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/plinth-db/plinth/migrate"
)

const loose = "-- atlas:txmode none\n"

// TestSessionThatEndedInAStatementLeavesATrueRecord ends it in the middle of the second statement, which is rolled back.
func TestSessionThatEndedInAStatementLeavesATrueRecord(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE n (v int); CREATE TABLE go_on (v bool); INSERT INTO go_on VALUES (false)")
	dir := directory(t, "1_a.up.sql", loose+`INSERT INTO n VALUES (1);
DO $$ BEGIN INSERT INTO n VALUES (2); IF NOT (SELECT v FROM go_on) THEN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(5); END IF; END $$;
INSERT INTO n VALUES (3);`)
	_, err := migrator(t, db, dir).Up(t.Context())
	if e, ok := errors.AsType[*migrate.ExecError](err); !ok || e.Applied != 1 || !strings.Contains(err.Error(), "1 statement(s)") {
		t.Fatalf("got %v, want an ExecError that knows what stays", err)
	}
	exec(t, db, "UPDATE go_on SET v = true")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows string
	if err := db.QueryRow("SELECT string_agg(v::text, ' ' ORDER BY v) FROM n").Scan(&rows); err != nil || rows != "1 2 3" {
		t.Fatalf("rows %q, %v", rows, err)
	}
}

// TestStatementWhoseAnswerWasLostIsNotRunTwice calls the run off during a statement that the server finishes all the same.
func TestStatementWhoseAnswerWasLostIsNotRunTwice(t *testing.T) {
	db := database(t)
	exec(t, db, `CREATE TABLE n (v int); CREATE FUNCTION stubborn() RETURNS void LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(20); EXCEPTION WHEN query_canceled THEN INSERT INTO n VALUES (2); END $$`)
	dir := directory(t, "1_a.up.sql", loose+"INSERT INTO n VALUES (1);\nSELECT stubborn();\nINSERT INTO n VALUES (3);")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	go func() { _, err := migrator(t, db, dir).Up(ctx); done <- err }()
	waitUntil(t, func() bool {
		var n int
		err := db.QueryRow("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'").Scan(&n)
		return err == nil && n == 1
	})
	cancel()
	if err := <-done; err == nil {
		t.Fatal("a run that was called off reported success")
	}
	exec(t, db, "CREATE OR REPLACE FUNCTION stubborn() RETURNS void LANGUAGE sql AS 'INSERT INTO n VALUES (2)'")
	waitUntil(t, func() bool { // until the server has finished the old statement, whatever the client knows
		var n int
		err := db.QueryRow("SELECT count(*) FROM n WHERE v = 2").Scan(&n)
		return err == nil && n == 1
	})
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var rows string
	if err := db.QueryRow("SELECT string_agg(v::text, ' ' ORDER BY v) FROM n").Scan(&rows); err != nil || rows != "1 2 3" {
		t.Fatalf("rows %q, %v", rows, err)
	}
}

func TestBlockThatCommitsRunsAlone(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", loose+"CREATE TABLE n (v int); DO $$ BEGIN FOR i IN 1..3 LOOP INSERT INTO n VALUES (i); COMMIT; END LOOP; END $$;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM n").Scan(&n); err != nil || n != 3 {
		t.Fatal(n, err)
	}
}

func TestSettingsOfAFileWithoutTransactionLast(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE SCHEMA app; CREATE ROLE plinth_loose; GRANT ALL ON SCHEMA app TO plinth_loose")
	defer exec(t, db, "DROP SCHEMA app CASCADE; DROP ROLE plinth_loose")
	dir := directory(t, "1_a.up.sql", loose+"SET ROLE plinth_loose;\nSET search_path = app;\nCREATE TABLE a (id int);\nSELECT 1 / (SELECT count(*) FROM app.switch);\nCREATE TABLE b (id int);")
	if _, err := migrator(t, db, dir).Up(t.Context()); err == nil {
		t.Fatal("there is no table switch yet")
	}
	if _, err := migrator(t, db, dir, migrate.WithTxMode(migrate.TxAll)).Up(t.Context()); err == nil || !strings.Contains(err.Error(), "without --tx-mode all") {
		t.Fatalf("the rest of a file together with others: %v", err)
	}
	exec(t, db, "CREATE TABLE app.switch AS SELECT 1; GRANT SELECT ON app.switch TO plinth_loose")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow("SELECT count(*) FROM pg_tables WHERE schemaname = 'app' AND tableowner = 'plinth_loose' AND tablename IN ('a', 'b')").Scan(&n); err != nil || n != 2 {
		t.Fatalf("%d of 2 tables are in the schema and of the role that the file set, %v", n, err)
	}
}

func TestFailedConcurrentIndexIsNotReportedAsUntouched(t *testing.T) {
	db := database(t)
	exec(t, db, "CREATE TABLE a (id int); INSERT INTO a VALUES (1), (1)")
	dir := directory(t, "1_i.up.sql", loose+"CREATE UNIQUE INDEX CONCURRENTLY i ON a (id);")
	_, err := migrator(t, db, dir).Up(t.Context())
	if e, ok := errors.AsType[*migrate.ExecError](err); !ok || !e.Alone || strings.Contains(err.Error(), "Nothing of this file") || !strings.Contains(err.Error(), "invalid index") {
		t.Fatalf("got %v", err)
	}
}

func TestMendedRestOfAFileGoesOn(t *testing.T) {
	db := database(t)
	bad := directory(t, "1_a.up.sql", loose+"CREATE TABLE a (id int);\nSELEC 1;\nCREATE TABLE c (id int);", "1_a.down.sql", "DROP TABLE a;")
	if _, err := migrator(t, db, bad).Up(t.Context()); err == nil {
		t.Fatal("want an error")
	}
	if _, err := migrator(t, db, bad).Down(t.Context()); err == nil || !strings.Contains(err.Error(), "plinth up to finish") {
		t.Fatalf("a revert of half a file: %v", err)
	}
	mended := directory(t, "1_a.up.sql", loose+"CREATE TABLE a (id int);\nCREATE TABLE b (id int);", "1_a.down.sql", "DROP TABLE a, b;")
	if _, err := migrator(t, db, mended).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st, err := migrator(t, db, mended).Status(t.Context()); err != nil || st.State != migrate.StateClean || st.Current != "1" {
		t.Fatalf("%+v, %v", st, err)
	}
	if _, err := migrator(t, db, mended).Down(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestEditedRevertDoesNotResumeAtTheWrongStatement(t *testing.T) {
	db := database(t)
	up := "CREATE TABLE a (id int); CREATE TABLE b (id int);"
	dir := directory(t, "1_a.up.sql", up, "1_a.down.sql", loose+"DROP TABLE a;\nSELECT 1/0;\nDROP TABLE b;")
	if _, err := migrator(t, db, dir).Up(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := migrator(t, db, dir).Down(t.Context()); err == nil {
		t.Fatal("want an error")
	}
	other := directory(t, "1_a.up.sql", up, "1_a.down.sql", loose+"DROP TABLE b;\nDROP TABLE a;")
	_, err := migrator(t, db, other).Down(t.Context())
	if e, ok := errors.AsType[*migrate.StateError](err); !ok || !strings.Contains(e.Reason, "changed since") {
		t.Fatalf("got %v", err)
	}
	mended := directory(t, "1_a.up.sql", up, "1_a.down.sql", loose+"DROP TABLE a;\nDROP TABLE b;")
	if _, err := migrator(t, db, mended).Down(t.Context()); err != nil || tables(t, db) != "" {
		t.Fatalf("%v, tables %q", err, tables(t, db))
	}
}

func TestFileWithItsOwnTransactionKeepsItInModeNone(t *testing.T) {
	db := database(t)
	dir := directory(t, "1_a.up.sql", "BEGIN; CREATE TABLE a (id int); SELECT 1/0; COMMIT;")
	if _, err := migrator(t, db, dir, migrate.WithTxMode(migrate.TxNone)).Up(t.Context()); err == nil || tables(t, db) != "" {
		t.Fatalf("%v, tables %q", err, tables(t, db))
	}
}

// A backfill says in its application_name how far it is, as those of plinth diff do.
func TestProgressOfABackfillIsTold(t *testing.T) {
	db := database(t)
	blocker, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer blocker.Close()
	if _, err := blocker.ExecContext(t.Context(), "SELECT pg_advisory_lock(77)"); err != nil {
		t.Fatal(err)
	}
	dir := directory(t, "1_a.up.sql", loose+`-- plinth:repeatable
DO $$ BEGIN
  PERFORM set_config('application_name', format('plinth: %s of about %s rows', 5, 10), false);
  COMMIT;
  PERFORM pg_advisory_lock(77);
END $$`)
	var told string
	_, err = migrator(t, db, dir, migrate.WithObserver(func(e migrate.Event) {
		if e.Kind == migrate.EventRunning && told == "" {
			told = e.Detail
			if _, err := blocker.ExecContext(t.Context(), "SELECT pg_advisory_unlock(77)"); err != nil {
				t.Error(err)
			}
		}
	})).Up(t.Context())
	if err != nil || !strings.Contains(told, "5 of about 10 rows") {
		t.Fatalf("%v; told: %q", err, told)
	}
}
